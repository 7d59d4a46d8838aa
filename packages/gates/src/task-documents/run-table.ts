import type { RecordedRun } from '../gate/gate-ports.js';

/** A run beside the one before it, as a table of Markdown. */
export function renderRunTable(run: RecordedRun, before: RecordedRun | null): string {
  const rows: readonly (readonly [string, (run: RecordedRun) => string])[] = [
    ['run', ({ runId }) => code(runId)],
    ['pipeline', ({ pipelineId }) => code(pipelineId)],
    ['status', ({ status }) => status],
    ['started', ({ startedAt }) => code(startedAt)],
    ['duration', ({ durationMs }) => formatDuration(durationMs)],
  ];
  return [
    '| | before | after |',
    '| --- | --- | --- |',
    ...rows.map(([name, cell]) => `| ${name} | ${before ? cell(before) : '-'} | ${cell(run)} |`),
    `| change of duration | - | ${changeOf(run, before)} |`,
  ].join('\n');
}

function changeOf({ durationMs: after }: RecordedRun, run: RecordedRun | null): string {
  const before = run?.durationMs ?? null;
  if (before === null || after === null || before <= 0) return '-';
  const percent = ((after - before) / before) * 100;
  return `${percent > 0 ? '+' : ''}${percent.toFixed(1)} %`;
}

function formatDuration(durationMs: number | null): string {
  if (durationMs === null) return '-';
  return durationMs < 1000 ? `${Math.round(durationMs)} ms` : `${(durationMs / 1000).toFixed(2)} s`;
}

/** A pipeline may have any name. */
function code(text: string): string {
  return `\`${text.replace(/[`|\r\n]/g, ' ').slice(0, 120)}\``;
}
