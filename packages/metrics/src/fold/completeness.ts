import { expectArray, expectInteger } from './expect-encoded.js';
import type { EntryFacts } from './facts.js';
import type { Reducer } from './reducer.js';

/** Runs whose counted attempt lacks the field, of all of them. */
export interface Completeness {
  readonly runs: number;
  readonly withoutInstanceStats: number;
  readonly withoutPrivacyEvents: number;
  readonly withoutControlPlaneStatus: number;
}

export interface CompletenessState {
  runs: number;
  instanceStats: number;
  privacyEvents: number;
  controlPlaneStatus: number;
}

/** How many entries lack what a complete one has. */
export const completeness: Reducer<CompletenessState, Completeness> = {
  id: 'completeness',
  version: 1,
  init: () => ({ runs: 0, instanceStats: 0, privacyEvents: 0, controlPlaneStatus: 0 }),
  add(state, facts) {
    count(state, facts, 1);
  },
  retract(state, facts) {
    count(state, facts, -1);
  },
  encode: (state) => [
    state.runs,
    state.instanceStats,
    state.privacyEvents,
    state.controlPlaneStatus,
  ],
  decode(value) {
    const [runs, instanceStats, privacyEvents, controlPlaneStatus] = expectArray(value, 4);
    return {
      runs: expectInteger(runs),
      instanceStats: expectInteger(instanceStats),
      privacyEvents: expectInteger(privacyEvents),
      controlPlaneStatus: expectInteger(controlPlaneStatus),
    };
  },
  finish: (state) => ({
    runs: state.runs,
    withoutInstanceStats: state.instanceStats,
    withoutPrivacyEvents: state.privacyEvents,
    withoutControlPlaneStatus: state.controlPlaneStatus,
  }),
  merge(state, later) {
    state.runs += later.runs;
    state.instanceStats += later.instanceStats;
    state.privacyEvents += later.privacyEvents;
    state.controlPlaneStatus += later.controlPlaneStatus;
  },
};

function count(state: CompletenessState, facts: EntryFacts, weight: 1 | -1): void {
  state.runs += weight;
  if (!facts.hasInstanceStats) state.instanceStats += weight;
  if (!facts.hasPrivacyEvents) state.privacyEvents += weight;
  const { controlPlaneStatus } = facts;
  if (controlPlaneStatus === null || controlPlaneStatus === 'unknown') {
    state.controlPlaneStatus += weight;
  }
}
