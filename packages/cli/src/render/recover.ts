import type { RecoveredRun, RecoveryAnswer } from '../recover-runs.js';
import type { FailedRun } from '../unreadable-run.js';
import { printable, printableLine } from './printable.js';

/** What `recover` did, for people: each run with what is known of it and how it goes on. */
export function renderRecovery({ recovered, alive, refused, swept }: RecoveryAnswer): string[] {
  const lines = [
    ...recovered.flatMap(renderRecovered),
    ...alive.map(({ run_id: runId, reason }) =>
      reason === 'alive'
        ? `Left alone: ${runId} is running`
        : `Left alone: ${runId} is being recovered or resumed by somebody else`,
    ),
    ...refused.map(renderRefused),
    ...swept.map((path) => `Swept: ${path}`),
  ];
  return (lines.length === 0 ? ['Nothing to recover'] : lines).map(printable);
}

function renderRecovered(run: RecoveredRun): string[] {
  const facts = [
    ...(run.last_seen_at === null ? [] : [`since ${run.last_seen_at}`]),
    ...(run.last_stage === null ? [] : [`in stage ${run.last_stage}`]),
  ];
  return [
    `Recovered: ${run.run_id} ${[run.status, ...facts].join(', ')}`,
    ...(run.torn_bytes === 0
      ? []
      : [`  cut ${run.torn_bytes} bytes of an unfinished line, kept in ${run.torn_path ?? '?'}`]),
    ...(run.lost_lines === 0 ? [] : [`  ${run.lost_lines} lines of the journal are lost`]),
    ...run.ended_groups.map(
      ({ process_group: group, outcome }) => `  process group ${group} ${outcome}`,
    ),
    ...(run.status === 'interrupted' ? [`  codex-orchestrator resume --run ${run.run_id}`] : []),
  ];
}

function renderRefused({ run_id: runId, path, code, message }: FailedRun): string {
  return `Refused: ${runId ?? path}: ${printableLine(message, 400)} (${code})`;
}
