import { ExactSums } from './exact-sum.js';
import { expectArray, expectInteger } from './expect-encoded.js';
import type { Reducer } from './reducer.js';

export interface Durations {
  /** Runs whose counted attempt has a duration. */
  readonly count: number;
  readonly meanSeconds: number | null;
}

export interface DurationsState {
  count: number;
  readonly sums: ExactSums;
}

const SUM = 0;

/** The mean duration of runs, whatever became of them. */
export const durations: Reducer<DurationsState, Durations> = {
  id: 'durations',
  version: 1,
  init: () => ({ count: 0, sums: new ExactSums(1) }),
  add(state, { durationSeconds }) {
    if (durationSeconds === null || durationSeconds === undefined) return;
    state.count += 1;
    state.sums.add(SUM, durationSeconds);
  },
  retract(state, { durationSeconds }) {
    if (durationSeconds === null || durationSeconds === undefined) return;
    state.count -= 1;
    state.sums.subtract(SUM, durationSeconds);
  },
  encode: ({ count, sums }) => [count, sums.encode(SUM)],
  decode(value) {
    const [count, sum] = expectArray(value, 2);
    const sums = new ExactSums(1);
    sums.addEncoded(SUM, sum);
    return { count: expectInteger(count), sums };
  },
  finish: ({ count, sums }) => ({
    count,
    meanSeconds: count > 0 ? sums.read(SUM) / count : null,
  }),
  merge(state, later) {
    state.count += later.count;
    state.sums.merge(SUM, later.sums, SUM);
  },
};
