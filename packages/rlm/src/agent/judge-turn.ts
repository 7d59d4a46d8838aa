import { stripVTControlCharacters } from 'node:util';

import type { CommandResult } from '@codex-orchestrator/exec';

import type { AgentEvent } from './agent.js';
import type { StopCause } from './turn-stop.js';
import type { Turn, TurnOutcome } from './turn.js';

export interface TurnEvidence {
  /** A text where the agent could not even be started. */
  readonly result: CommandResult | string;
  /** Why the loop ended it, if it did. */
  readonly cause: StopCause | undefined;
  /** Whether it is one that prints events. */
  readonly speaks: boolean;
  readonly end: Extract<AgentEvent, { type: 'end' }> | undefined;
  /** What it said that it waits for, as its last words. */
  readonly waitingFor: string | undefined;
  /** The last error that it reported. */
  readonly lastError: string | undefined;
}

export type TurnJudgement = Pick<Turn, 'exitCode' | 'lingered' | 'outcome' | 'reason'>;

/**
 * What a turn came to. What ended it first decides; after its terminal event only that does, and the
 * exit code: agents exit with 0 when they say that all went well, so one that says so and exits with
 * something else has failed in what it does last. Pure. The reason is not free of secrets yet.
 */
export function judgeTurn(evidence: TurnEvidence): TurnJudgement {
  const { result, cause, speaks, end } = evidence;
  if (typeof result === 'string') return judgement('spawn-failed', result);
  const { outcome } = result;
  if (outcome.kind === 'spawn-failed') return judgement('spawn-failed', outcome.message);
  if (cause === 'silent' && evidence.waitingFor !== undefined) {
    return judgement(cause, `${stopReasons.silent} Its last words: ${evidence.waitingFor}`);
  }
  if (cause !== undefined && cause !== 'lingered') return judgement(cause, stopReasons[cause]);
  if (outcome.kind === 'cancelled' && cause === undefined) {
    return judgement('cancelled', stopReasons.cancelled);
  }
  const exitCode = 'signal' in outcome || outcome.kind === 'exited' ? outcome.exitCode : null;
  if (end !== undefined) return judgeEnd(end, exitCode);
  if (outcome.kind === 'timed-out') {
    return judgement('timed-out', `It took longer than ${outcome.timeoutMs} ms.`);
  }
  if (!speaks && exitCode === 0) return { ...judgement('completed', null), exitCode };
  const missing = speaks ? 'without the event that ends a turn' : '';
  const words = evidence.lastError ?? lastLine(result);
  const reason = [describeExit(outcome), missing].filter(Boolean).join(' ');
  return {
    ...judgement(
      speaks ? 'aborted-without-terminal-event' : 'failed',
      `${reason}${words && `: ${words}`}`,
    ),
    exitCode,
  };
}

const stopReasons = {
  'budget-limit': 'The tokens or the money of the loop were used up.',
  cancelled: 'It was cancelled.',
  'output-limit': 'It printed more than it may.',
  silent: 'It showed no sign of progress for too long.',
} as const satisfies Partial<Record<StopCause, string>>;

/** Null as exit code: the process was still there. */
function judgeEnd(
  { ok, reason }: Extract<AgentEvent, { type: 'end' }>,
  exitCode: number | null,
): TurnJudgement {
  const known = { exitCode, lingered: exitCode === null };
  if (!ok) return { ...judgement('failed', reason), ...known };
  if (exitCode === null || exitCode === 0) return { ...judgement('completed', null), ...known };
  const words = `It said that all went well, and exited with ${exitCode}.`;
  return { ...judgement('failed', words), ...known };
}

function judgement(outcome: TurnOutcome, reason: string | null): TurnJudgement {
  return { outcome, reason, exitCode: null, lingered: false };
}

function describeExit(outcome: CommandResult['outcome']): string {
  return outcome.kind === 'signalled'
    ? `It was ended by ${outcome.signal}`
    : `It exited with ${outcome.exitCode}`;
}

function lastLine({ stdout, stderr }: CommandResult): string {
  for (const { text } of [stderr, stdout]) {
    const line = stripVTControlCharacters(text).trim().split('\n').at(-1);
    if (line) return line;
  }
  return '';
}
