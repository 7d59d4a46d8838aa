import { readFile } from 'node:fs/promises';

import type { Counts, Guard, GrowthGuard, GuardContext } from '../guard/guard.js';
import { describeGuard } from '../guard/guard-description.js';
import { checkCpuGrowth } from './check-growth.js';
import { takeRounds } from './take-rounds.js';

/** Makes contexts, each with a fresh folder. */
export type OpenContext = () => Promise<GuardContext>;

const rounds = 12;
const warmUpRounds = 3;
const leastBatchMs = 1;

/**
 * Measures a guard in this process. Resolves, of `exact`, to its counts; of `growth`, to the counts per size
 * or the processor time per round and size; of `memory`, to its inputs; of `time`, to nothing.
 */
export async function measureGuard(guard: Guard, open: OpenContext): Promise<unknown> {
  switch (guard.kind) {
    case 'exact':
      return guard.measure(await open());
    case 'growth':
      return guard.cost === 'counts' ? countGrowth(guard, open) : timeGrowth(guard, open);
    case 'memory': {
      const inputs: unknown[] = [];
      for (const bytes of guard.inputBytes) inputs.push(await guard.prepare(await open(), bytes));
      return inputs;
    }
    case 'time':
      return undefined;
  }
}

/** The peak of the memory of this process in bytes, null where the system does not tell. */
export async function peakBytes(): Promise<number | null> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

async function countGrowth(guard: GrowthGuard, open: OpenContext): Promise<unknown> {
  const perSize: (Counts | undefined)[] = [];
  for (const size of guard.sizes) {
    const state = await guard.prepare(await open(), size);
    perSize.push(await guard.measure(state));
  }
  return perSize;
}

async function timeGrowth(guard: GrowthGuard, open: OpenContext): Promise<unknown> {
  const calls: (() => unknown)[] = [];
  for (const size of guard.sizes) {
    const state = await guard.prepare(await open(), size);
    calls.push(() => guard.measure(state));
  }
  const first = await takeRounds(calls, { rounds, warmUpRounds, leastBatchMs });
  if (!isUndecided(guard, first)) return first;
  const more = await takeRounds(calls, { rounds: 2 * rounds, warmUpRounds: 0, leastBatchMs });
  return [...first, ...more];
}

function isUndecided(guard: GrowthGuard, taken: unknown): boolean {
  const description = describeGuard(guard);
  return (
    description.kind === 'growth' && checkCpuGrowth(description, taken).verdict === 'undecided'
  );
}
