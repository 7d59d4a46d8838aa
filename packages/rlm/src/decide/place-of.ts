import { sha256Hex } from '@codex-orchestrator/core';

import type { Iteration } from '../loop/iteration.js';
import { messageOfTurns } from './message-of-turns.js';

/** Where an iteration has left the work, to compare with other iterations. */
export interface Place {
  readonly n: number;
  /** Its content, or what the agent said where nothing is known about content; null for neither. */
  readonly content: string | null;
  /** What all validators said. */
  readonly verdicts: string;
  /** What those said that did not pass; empty where none judged. */
  readonly failures: string;
  /** Whether it is known that it changed nothing, as far as it can be. */
  readonly unchanged: boolean;
  readonly judged: boolean;
}

export function placeOf(iteration: Iteration): Place {
  const { n, validators, treeBefore, treeAfter, findings } = iteration;
  const message = messageOfTurns(iteration.turns);
  const verdicts = validators.map(
    ({ name, outcome, fingerprint }) => `${name}\n${outcome}\n${fingerprint ?? ''}`,
  );
  const failures = verdicts.filter((_, index) => validators[index]?.outcome !== 'passed');
  const known = treeBefore !== null && treeAfter !== null;
  return {
    n,
    content: known ? treeAfter : message === null ? null : `said ${sha256Hex(message.trim())}`,
    // Where nobody judges, what is reported is what can change.
    verdicts: validators.length > 0 ? verdicts.join('\n') : `findings ${findings}`,
    failures: failures.join('\n'),
    unchanged: known ? treeBefore === treeAfter : message !== null,
    judged: validators.length > 0,
  };
}
