import { expectArray, expectInteger } from './expect-encoded.js';
import type { EntryFacts } from './facts.js';
import type { Reducer } from './reducer.js';

export interface Totals {
  readonly runs: number;
  readonly succeeded: number;
}

export interface TotalsState {
  runs: number;
  succeeded: number;
}

/** Runs, and those whose counted attempt succeeded. */
export const totals: Reducer<TotalsState, Totals> = {
  id: 'totals',
  version: 1,
  init: () => ({ runs: 0, succeeded: 0 }),
  add(state, facts) {
    count(state, facts, 1);
  },
  retract(state, facts) {
    count(state, facts, -1);
  },
  encode: ({ runs, succeeded }) => [runs, succeeded],
  decode(value) {
    const [runs, succeeded] = expectArray(value, 2);
    return { runs: expectInteger(runs), succeeded: expectInteger(succeeded) };
  },
  finish: ({ runs, succeeded }) => ({ runs, succeeded }),
  merge(state, later) {
    state.runs += later.runs;
    state.succeeded += later.succeeded;
  },
};

function count(state: TotalsState, facts: EntryFacts, weight: 1 | -1): void {
  state.runs += weight;
  if (facts.status === 'succeeded') state.succeeded += weight;
}
