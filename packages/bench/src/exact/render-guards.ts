import type { GuardResult } from '../results/result.js';

/** One line per guard: verdict, name and reason. What went wrong stands last, where it is seen. */
export function renderGuards(guards: readonly GuardResult[]): string {
  const sorted = [...guards].sort((left, right) => weight(left) - weight(right));
  const verdictWidth = Math.max(...sorted.map(({ verdict }) => verdict.length));
  const guardWidth = Math.max(...sorted.map(({ guard }) => guard.length));
  const lines = sorted.map(
    ({ verdict, guard, reason }) =>
      `${verdict.padEnd(verdictWidth)}  ${guard.padEnd(guardWidth)}  ${reason}`,
  );
  return `${lines.join('\n')}\n`;
}

const heavy: readonly string[] = ['undecided', 'regressed', 'failed'];

function weight({ verdict }: GuardResult): number {
  return heavy.indexOf(verdict);
}
