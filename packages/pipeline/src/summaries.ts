import type { CommandResult } from '@codex-orchestrator/exec';
import { stripVTControlCharacters } from 'node:util';

import type { SkipReason } from './stage-graph.js';

/** Most characters of output that a summary quotes. */
const maxQuotedCharacters = 240;

/** What a summary is made from: how a command ended and the ends of what it printed. */
export type SummarisedResult = Pick<CommandResult, 'outcome' | 'stderr' | 'stdout'>;

/**
 * One line about how a command ended. A hint describes success and nothing else, so it is used for
 * that alone; without one, success shows what was printed first, on stdout if anything was. Failure
 * says how it ended and quotes stderr, or stdout where a tool reports there.
 */
export function summariseCommand(result: SummarisedResult, hint?: string): string {
  const stdout = quoteOutput(result.stdout.text);
  const stderr = quoteOutput(result.stderr.text);
  if (result.outcome.kind === 'exited' && result.outcome.exitCode === 0) {
    const told = hint === undefined || hint === '' ? stdout || stderr : hint;
    return told || 'Command completed with code 0';
  }
  const quoted = stderr || stdout;
  const ending = describeOutcome(result.outcome);
  return quoted === '' ? ending : `${ending} — ${quoted}`;
}

/** How a command ended, without what it printed. */
export function describeOutcome(outcome: CommandResult['outcome']): string {
  switch (outcome.kind) {
    case 'exited':
      return `Exited with code ${outcome.exitCode}`;
    case 'signalled':
      return `Terminated with signal ${outcome.signal}`;
    case 'timed-out':
      return `Timed out after ${describeDuration(outcome.timeoutMs)}`;
    case 'silent':
      return `Stopped after ${describeDuration(outcome.silenceTimeoutMs)} without output`;
    case 'cancelled':
      return 'Cancelled';
    case 'spawn-failed':
      return `Could not be started: ${outcome.message}`;
  }
}

/** Milliseconds as people say them: `250 ms`, `1.5 s`, `12 min 5 s`. */
export function describeDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.floor(ms / 100) / 10} s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.floor((ms % 60_000) / 1000);
  return seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`;
}

/** Colours and cursor movements are for a terminal; cutting never leaves half a character. */
function quoteOutput(text: string): string {
  const plain = stripVTControlCharacters(text).trim();
  if (plain.length <= maxQuotedCharacters) return plain;
  return `${plain.slice(0, maxQuotedCharacters).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Why a stage never ran, for people. */
export function describeSkip(reason: SkipReason): string {
  switch (reason.kind) {
    case 'dependency-failed':
      return `Not run: it needs '${reason.because}', which did not succeed`;
    case 'run-failed':
      return `Not run: '${reason.because}' failed first`;
    case 'deadline-exceeded':
      return 'Not run: the deadline of the run passed first';
    case 'run-cancelled':
      return 'Not run: the run was cancelled first';
  }
}
