import { completeness } from './completeness.js';
import type { Completeness } from './completeness.js';
import { durations } from './durations.js';
import type { Durations } from './durations.js';
import { epochs } from './epochs.js';
import type { EpochOutput } from './epochs.js';
import { firstEntry } from './first-entry.js';
import type { FirstEntry } from './first-entry.js';
import type { AnyReducer, Fold } from './fold.js';
import { learning } from './learning.js';
import type { Learning } from './learning.js';
import { recentRuns } from './recent-runs.js';
import type { RecentRun } from './recent-runs.js';
import { summary } from './summary.js';
import type { Summary } from './summary.js';
import { totals } from './totals.js';
import type { Totals } from './totals.js';

/** What all documents are built from. */
export interface Finished {
  readonly firstEntry: FirstEntry | undefined;
  readonly totals: Totals;
  readonly completeness: Completeness;
  readonly durations: Durations;
  readonly epochs: readonly EpochOutput[];
  readonly learning: Learning;
  readonly summary: Summary;
  readonly recentRuns: readonly RecentRun[];
}

const builtIn = {
  firstEntry,
  totals,
  completeness,
  durations,
  epochs,
  learning,
  summary,
  recentRuns,
} as const;

/** The reducers that `finishBuiltIn` asks for. */
export function builtInReducers(): readonly AnyReducer[] {
  return Object.values<AnyReducer>(builtIn);
}

/** What the built-in reducers of a fold come to. @throws TypeError when it lacks one of them. */
export function finishBuiltIn(fold: Fold): Finished {
  return {
    firstEntry: fold.finish(builtIn.firstEntry),
    totals: fold.finish(builtIn.totals),
    completeness: fold.finish(builtIn.completeness),
    durations: fold.finish(builtIn.durations),
    // The largest part, and there is a shorter way to its text.
    get epochs() {
      return fold.finish(builtIn.epochs);
    },
    learning: fold.finish(builtIn.learning),
    summary: fold.finish(builtIn.summary),
    recentRuns: fold.finish(builtIn.recentRuns),
  };
}
