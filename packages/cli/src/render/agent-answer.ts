import { relative, resolve } from 'node:path';

import type { LoopAnswer } from '../rlm/loop-answer.js';
import type { FailedStage, RunAnswer, RunAnswerOptions } from '../run-answer.js';
import { criticalPathWords } from './critical-path.js';
import { cutToBytes } from './cut-text.js';
import { formatDuration } from './duration.js';
import { loopFacts } from './loop.js';
import { printable, printableLine } from './printable.js';
import { stageEndWords } from './stage-words.js';

/** Longest answer, line feeds included: what an agent reads it also pays for. */
export const maxAgentBytes = 1024;
/** Most that one fact may take of it, so that there is room for every one. */
const maxFactBytes = { stage: 160, loop: 160, cause: 300, line: 160, path: 240, command: 160 };

export interface AgentAnswerOptions extends Pick<RunAnswerOptions, 'cwd' | 'root'> {
  /** What to quote of a run that succeeded; of another one its stage's last lines are quoted. */
  readonly lastLines?: readonly string[];
  /** Log of a run that succeeded, relative to the root. @default the folder of all logs */
  readonly logPath?: string;
}

/**
 * A finished run for a coding agent, in at most 1024 bytes: the verdict, the stage and the cause, where
 * the log is, what to call next, and in what room is left the last lines. Paths and commands stand there
 * whole or not at all; everything else is cut where it is long.
 */
export function renderAgentAnswer(answer: RunAnswer, options: AgentAnswerOptions): string[] {
  const { failed_stage: stage, root_cause: rootCause, loop, next } = answer;
  const facts = [
    verdict(answer),
    ...(stage === null ? [] : [stageFact(stage)]),
    ...(loop ? [loopFact(loop)] : []),
  ];
  const path = shownPath(answer, options);
  const commands = next.filter((command) => isUsable(command, maxFactBytes.command));
  const rest = [
    ...(isUsable(path, maxFactBytes.path) ? [`log: ${path}`] : []),
    ...commands.map((command, at) => `${at === 0 ? 'next:' : '     '} ${command}`),
  ];
  const room = maxAgentBytes - sizeOf([...facts, ...rest]);
  const cause = causeFact(rootCause, room);
  const lines = stage?.last_lines ?? options.lastLines ?? [];
  const quoted = fittingLines(lines, rootCause, room - sizeOf(cause));
  const waits = pathFact(answer, room - sizeOf([...cause, ...quoted]));
  return [...facts, ...waits, ...cause, ...quoted, ...rest];
}

function verdict({
  status,
  counts,
  duration_ms: durationMs,
  exit_code: exitCode,
}: RunAnswer): string {
  const parts = [
    `${counts.succeeded} of ${counts.total} stages succeeded`,
    ...(durationMs === null ? [] : [formatDuration(durationMs)]),
    `exit code ${exitCode}`,
  ];
  return `${status}: ${parts.join(', ')}`;
}

function stageFact(stage: FailedStage): string {
  const words = printableLine(stageEndWords(stage), 80);
  const id = cutToBytes(printableLine(stage.id, Infinity), maxFactBytes.stage - 100);
  return cutToBytes(`stage: ${id}, ${words}`, maxFactBytes.stage);
}

function loopFact(loop: LoopAnswer): string {
  const text = printableLine(`loop: ${loop.verdict}, ${loopFacts(loop)}`, Infinity);
  return cutToBytes(text, maxFactBytes.loop);
}

function causeFact(rootCause: string | null, room: number): string[] {
  if (rootCause === null) return [];
  const text = `cause: ${printableLine(rootCause, Infinity)}`;
  return [cutToBytes(text, Math.min(maxFactBytes.cause, room - 1))];
}

/** Worth its bytes where time can be won back, and left out where anything else needs them. */
function pathFact({ critical_path: path }: RunAnswer, room: number): string[] {
  const words = (path?.recoverable_ms ?? 0) < 1000 ? undefined : criticalPathWords(path);
  if (words === undefined) return [];
  const text = `critical path: ${printableLine(words, Infinity)}`;
  return sizeOf([text]) <= room ? [text] : [];
}

/** The log of the stage to look at, else all there are. */
function shownPath(answer: RunAnswer, { root, cwd, logPath }: AgentAnswerOptions): string {
  const path = answer.failed_stage?.log_path ?? logPath ?? `${answer.artifact_root}/commands`;
  return relative(cwd, resolve(root, path));
}

/** Cut, a path or a command would be another one, and so it would be without what is not printable. */
function isUsable(text: string, maxBytes: number): boolean {
  return Buffer.byteLength(text) <= maxBytes && printable(text) === text && !text.includes('\n');
}

/** As many of the last lines as there is room for, the heading included. */
function fittingLines(
  lines: readonly string[],
  rootCause: string | null,
  room: number,
): readonly string[] {
  const shown = lines.map((line) => printable(line).trimEnd()).filter((line) => line !== '');
  if (shown.length === 1 && shown[0]?.trim() === rootCause) return [];
  const heading = 'last lines:';
  const fitting: string[] = [];
  let left = room - sizeOf([heading]);
  for (const line of shown.reverse()) {
    const quoted = cutToBytes(`| ${line.replace(/\s+/g, ' ')}`, maxFactBytes.line);
    left -= sizeOf([quoted]);
    if (left < 0) break;
    fitting.unshift(quoted);
  }
  return fitting.length === 0 ? [] : [heading, ...fitting];
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
}
