import type { Turn } from '../agent/turn.js';

/** What the one who works said at the end of its turn: planners and critics only help. */
export function messageOfTurns(turns: readonly Turn[]): string | null {
  const working = turns.find(({ role }) => role === 'agent' || role === 'worker');
  return working?.message ?? null;
}
