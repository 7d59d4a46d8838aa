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
  /** In the order in which they were counted, beginning with the one at `oldest`. */
  ring: RecentRun[];
  oldest: number;
}

/**
 * The last runs that were counted, oldest first. It asks every entry for its strings; whoever counts a
 * whole history at once gets the same from the last `RECENT_RUNS` of the attempts that still count in
 * the end.
 */
export const recentRuns: Reducer<RecentRunsState, readonly RecentRun[]> = {
  id: 'recent-runs',
  version: 1,
  init: () => ({ ring: [], oldest: 0 }),
  add(state, facts) {
    if (state.ring.length < RECENT_RUNS) {
      state.ring.push(recentRunOf(facts));
    } else {
      state.ring[state.oldest] = recentRunOf(facts);
      state.oldest = (state.oldest + 1) % RECENT_RUNS;
    }
  },
  retract(state, { runId, attempt }) {
    const left = inOrder(state).filter((run) => run.runId !== runId || run.attempt !== attempt);
    setRuns(state, left);
  },
  encode: (state) =>
    inOrder(state).map((run) => [
      run.runId,
      run.attempt,
      run.status,
      run.recordedAt,
      run.pipelineId,
      run.durationSeconds,
    ]),
  decode: (value) => ({ ring: expectArray(value).map(decodeRun), oldest: 0 }),
  finish: inOrder,
  merge(state, later) {
    setRuns(state, [...inOrder(state), ...inOrder(later)].slice(-RECENT_RUNS));
  },
};

function inOrder({ ring, oldest }: RecentRunsState): RecentRun[] {
  return [...ring.slice(oldest), ...ring.slice(0, oldest)];
}

/** At most `RECENT_RUNS` of them. */
function setRuns(state: RecentRunsState, runs: RecentRun[]): void {
  state.ring = runs;
  state.oldest = 0;
}

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
