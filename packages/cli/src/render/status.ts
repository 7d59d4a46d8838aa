import type { StageRecord } from '@codex-orchestrator/manifest';

import type { StatusAnswer } from '../status-answer.js';
import { formatDuration } from './duration.js';
import { interruptionWords } from './interruption.js';
import { printable, printableLine } from './printable.js';

/** A run for people: its facts, then a line per stage, then where to look. */
export function renderStatus(answer: StatusAnswer): string[] {
  const { status, status_detail: detail, duration_ms: durationMs, status_reason: reason } = answer;
  const words = [detail, reason === 'recorded' ? null : reason].filter((word) => word !== null);
  return [
    `Run: ${answer.run_id}`,
    `Task: ${answer.task_id}`,
    `Pipeline: ${answer.pipeline_id}`,
    `Status: ${status}${words.length === 0 ? '' : ` (${words.join(', ')})`}`,
    ...(answer.interruption === null
      ? []
      : [`Interrupted: ${interruptionWords(answer.interruption)}`]),
    `Started: ${answer.started_at}`,
    `Completed: ${answer.completed_at ?? (status === 'in_progress' ? 'in-progress' : 'never')}`,
    ...(durationMs === null ? [] : [`Duration: ${formatDuration(durationMs)}`]),
    `Manifest: ${answer.manifest}`,
    'Commands:',
    ...answer.commands.map(renderStage),
    ...renderLastLines(answer),
    ...renderNext(answer),
    ...answer.remarks.map((remark) => `Remark: ${remark}`),
  ].map(printable);
}

function renderStage({ status, title, summary, duration_ms: durationMs }: StageRecord): string {
  const time = durationMs === null ? '' : ` ${formatDuration(durationMs)}`;
  const words = summary === null || summary === '' ? '' : ` — ${printableLine(summary, 160)}`;
  return `  [${status}]${time} ${title}${words}`;
}

function renderLastLines({ failed_stage: stage }: StatusAnswer): string[] {
  if (stage === null) return [];
  return [`Last lines of ${stage.id}:`, ...stage.last_lines.map((line) => `  | ${line}`)];
}

function renderNext({ failed_stage: stage, interruption, next }: StatusAnswer): string[] {
  if (stage === null && interruption === null) return [];
  return ['Look further:', ...next.map((command) => `  ${command}`)];
}
