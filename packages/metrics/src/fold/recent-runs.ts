import { expectArray, expectInteger, expectString } from './expect-encoded.js';
import type { EntryFacts } from './facts.js';
import type { Reducer } from './reducer.js';

/** How many runs a summary lists. */
export const RECENT_RUNS = 20;

export interface RecentRun {
  readonly runId: string;
  readonly attempt: number;
  readonly status: string;
  readonly recordedAt: string;
  readonly pipelineId: string | null;
  readonly durationSeconds: number | null;
}

export interface RecentRunsState {
  /** In the order in which they were counted. */
  runs: RecentRun[];
}

/**
 * The last runs that were counted, oldest first. It asks every entry for its strings; whoever counts a
 * whole history at once gets the same from the last `RECENT_RUNS` of the attempts that still count in
 * the end.
 */
export const recentRuns: Reducer<RecentRunsState, readonly RecentRun[]> = {
  id: 'recent-runs',
  version: 1,
  init: () => ({ runs: [] }),
  add({ runs }, facts) {
    if (runs.length === RECENT_RUNS) runs.shift();
    runs.push(recentRunOf(facts));
  },
  retract({ runs }, { runId, attempt }) {
    const at = runs.findIndex((run) => run.runId === runId && run.attempt === attempt);
    if (at >= 0) runs.splice(at, 1);
  },
  encode: ({ runs }) =>
    runs.map((run) => [
      run.runId,
      run.attempt,
      run.status,
      run.recordedAt,
      run.pipelineId,
      run.durationSeconds,
    ]),
  decode: (value) => ({ runs: expectArray(value).map(decodeRun) }),
  finish: ({ runs }) => [...runs],
  merge(state, later) {
    state.runs = [...state.runs, ...later.runs].slice(-RECENT_RUNS);
  },
};

function recentRunOf(facts: EntryFacts): RecentRun {
  return {
    runId: facts.runId,
    attempt: facts.attempt,
    status: facts.status,
    recordedAt: facts.recordedAt,
    pipelineId: facts.pipelineId,
    durationSeconds: facts.durationSeconds ?? null,
  };
}

function decodeRun(value: unknown): RecentRun {
  const [runId, attempt, status, recordedAt, pipelineId, durationSeconds] = expectArray(value, 6);
  return {
    runId: expectString(runId),
    attempt: expectInteger(attempt),
    status: expectString(status),
    recordedAt: expectString(recordedAt),
    pipelineId: pipelineId === null ? null : expectString(pipelineId),
    durationSeconds: typeof durationSeconds === 'number' ? durationSeconds : null,
  };
}
