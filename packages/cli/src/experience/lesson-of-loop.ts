import type { Manifest, StageRecord } from '@codex-orchestrator/manifest';

import { readLoopState } from '../rlm/loop-state.js';

/** Of 32 words of a lesson, the goal has at most so many: how it went has to have room too. */
const maxGoalWords = 12;

/** The loop that a run is remembered for; undefined for a run without one that came to a verdict. */
export function loopOf({ commands }: Manifest): StageRecord | undefined {
  return commands.find(({ loop }) => loop != null);
}

/**
 * One sentence about a run of an agent loop: the goal, how it ended, and what failed last on the way.
 * Goal and failures are those of the loop's state; without it, the sentence does without them.
 */
export function describeLoopEnd(run: Manifest, { loop }: StageRecord, root: string): string {
  const state = readLoopState(run, root);
  const failed = lastFailure(state.iterations);
  const count = loop?.iterations ?? 0;
  return [
    ...(state.goal === undefined ? [] : [`Goal "${shorten(state.goal)}"`]),
    `agent loop ${loop?.verdict ?? run.status} after ${count} iteration${count === 1 ? '' : 's'}`,
    ...(failed === undefined ? [] : [`last failure: ${failed}`]),
  ].join('; ');
}

function shorten(goal: string): string {
  const words = goal.split(/\s+/).filter((word) => word !== '');
  const some = words.slice(0, maxGoalWords).join(' ').slice(0, 160);
  return words.length > maxGoalWords ? `${some}…` : some;
}

/** The last validator that said no, or the last turn that came to no end of its own. */
function lastFailure(iterations: readonly unknown[]): string | undefined {
  for (const iteration of iterations.toReversed()) {
    const validator = membersOf(iteration, 'validators').find(
      ({ outcome }) => outcome !== 'passed',
    );
    if (validator !== undefined) {
      const { name, outcome, exitCode } = validator;
      const how = typeof exitCode === 'number' ? `exit code ${String(exitCode)}` : String(outcome);
      return `validator ${String(name)}, ${how}`;
    }
    const turn = membersOf(iteration, 'agent').find(({ outcome }) => outcome !== 'completed');
    if (turn !== undefined)
      return `turn of the ${String(turn['role'])}, ${String(turn['outcome'])}`;
  }
  return undefined;
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown, name: string): readonly Members[] {
  const list: unknown = isRecord(value) ? value[name] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}
