import type { FailedStage, RunAnswer } from '../run-answer.js';
import { criticalPathWords } from './critical-path.js';
import { formatDuration } from './duration.js';
import { renderLoop } from './loop.js';
import { printable } from './printable.js';
import { stageEndWords } from './stage-words.js';

/** A finished run for people: four lines of facts and, unless it succeeded, where to look. */
export function renderRunAnswer(answer: RunAnswer): string[] {
  const stage = answer.failed_stage;
  const path = criticalPathWords(answer.critical_path);
  return [
    `Run started: ${answer.run_id}`,
    `Status: ${statusWords(answer)}`,
    `Manifest: ${answer.manifest}`,
    `Log: ${answer.log_path}`,
    ...(path === undefined ? [] : [`Critical path: ${path}`]),
    ...(answer.loop ? renderLoop(answer.loop) : []),
    ...(stage === null ? [] : renderFailedStage(stage, answer.root_cause)),
    ...(answer.status === 'succeeded' ? [] : ['', 'Look further:']),
    ...(answer.status === 'succeeded' ? [] : answer.next.filter(isPrintable).map(indent)),
  ].map(printable);
}

function statusWords({ status, duration_ms: durationMs, counts }: RunAnswer): string {
  const parts = [
    `${String(counts.succeeded)} of ${String(counts.total)} stages succeeded`,
    ...(durationMs === null ? [] : [formatDuration(durationMs)]),
  ];
  return `${status} (${parts.join(', ')})`;
}

function renderFailedStage(stage: FailedStage, rootCause: string | null): string[] {
  const quoted = stage.last_lines.map((line) => `  | ${line}`);
  const cause = quoted.length > 0 || rootCause === null ? [] : [`  ${rootCause}`];
  return [
    '',
    `Stage ${stage.status}: ${stage.id} (${stage.title}), ${stageEndWords(stage)}`,
    ...quoted,
    ...cause,
    ...(stage.log_path === null ? [] : [`Log of the stage: ${stage.log_path}`]),
  ];
}

/** Without what is not, a command would be another one. */
function isPrintable(command: string): boolean {
  return printable(command) === command;
}

function indent(line: string): string {
  return `  ${line}`;
}
