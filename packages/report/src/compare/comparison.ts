import type { Interval } from '../statistics/bootstrap-interval.js';
import type { MachineFingerprint } from './run-sample.js';

/** Name and version of the format of comparisons. */
export const comparisonSchemaId = 'compare/v1';

/**
 * What became of a comparison. `regressed` and `improved`: the difference is beyond the margin.
 * `unchanged`: there is none that matters. `undecided`: the runs leave both open. `not-judged`: the runs
 * are not such that they could be compared.
 */
export const comparisonVerdicts = [
  'regressed',
  'improved',
  'unchanged',
  'undecided',
  'not-judged',
] as const;
export type ComparisonVerdict = (typeof comparisonVerdicts)[number];

/** Two groups of runs held against each other. */
export interface Comparison {
  readonly schema: typeof comparisonSchemaId;
  readonly verdict: ComparisonVerdict;
  /** One sentence that says why, without a full stop. */
  readonly reason: string;
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  /** The run's duration, its stages in their order, then what recording cost and memory. */
  readonly metrics: readonly MetricComparison[];
  readonly rates: readonly RateComparison[];
  /** Stages that only the runs after have. */
  readonly stagesAdded: readonly string[];
  /** Stages that only the runs before have. */
  readonly stagesRemoved: readonly string[];
  readonly method: ComparisonMethod;
  /** What whoever reads the verdicts should know, one sentence each. */
  readonly notes: readonly string[];
}

export interface ComparedSide {
  /** How the runs were chosen; null where nobody said. */
  readonly label: string | null;
  readonly runIds: readonly string[];
  /** Runs that durations and counts are from. */
  readonly measured: number;
  /** Runs that are in the rates alone, or in nothing, by status. */
  readonly leftOut: readonly { readonly status: string; readonly runs: number }[];
  /** Runs that were given more than once; the latest attempt counts. */
  readonly repeated: readonly string[];
  readonly machines: readonly {
    readonly machine: MachineFingerprint | null;
    readonly runs: number;
  }[];
  readonly pipelines: readonly { readonly pipelineId: string | null; readonly runs: number }[];
  readonly commits: readonly { readonly commit: string | null; readonly runs: number }[];
  readonly toolVersions: readonly { readonly toolVersion: string | null; readonly runs: number }[];
  /** When the first and the last of them began. */
  readonly firstStartedAt: string | null;
  readonly lastStartedAt: string | null;
}

/** The values of one side in the order of time, as far as they are known. */
export interface Distribution {
  readonly values: readonly number[];
  /** Null where there are no values. */
  readonly median: number | null;
}

export interface MetricComparison {
  /** `duration`, `stage:<id>`, `manifest-writes`, `manifest-bytes`, `journal-lines`, `fsyncs`, `peak-memory`. */
  readonly id: string;
  /** For people, such as `duration` or `stage build`. */
  readonly name: string;
  /** The stage that it is about; null where it is about the run. */
  readonly stage: string | null;
  readonly unit: 'bytes' | 'count' | 'ms';
  readonly before: Distribution;
  readonly after: Distribution;
  /** The median after over the median before; null where there is none, or nothing to divide by. */
  readonly ratio: number | null;
  /** Of the ratio; null where there is none, or it has no upper end. */
  readonly interval: Interval | null;
  /** How it was judged: `bootstrap` of the ratio of medians, or `exact`; null where it was not. */
  readonly test: 'bootstrap' | 'exact' | null;
  /** Of the rank-sum test, two-sided: further evidence, no part of the verdict. */
  readonly p: number | null;
  readonly verdict: ComparisonVerdict;
  readonly reason: string;
  /** The smallest increase, as a ratio, that runs as many and as noisy as these would have shown. */
  readonly smallestVisible: number | null;
}

/** How often something happened among the runs of each side. */
export interface RateComparison {
  readonly id: 'retries' | 'success';
  readonly name: string;
  readonly before: Rate;
  readonly after: Rate;
  /** The share after less the share before, from -1 to 1; null where a side has no runs. */
  readonly difference: number | null;
  /** Of the difference, by Newcombe's method from two Wilson intervals. */
  readonly interval: Interval | null;
  readonly verdict: ComparisonVerdict;
  readonly reason: string;
}

export interface Rate {
  /** Runs in which it happened. */
  readonly hits: number;
  readonly runs: number;
}

/** What is needed to compute it again from the same runs. */
export interface ComparisonMethod {
  /** How sure each interval is, two-sided. */
  readonly level: number;
  readonly seed: number;
  readonly resamples: number;
  /** The change of a ratio that does not matter. */
  readonly margin: number;
  /** The fewest measured runs of a side that values which vary are judged by. */
  readonly minRuns: number;
}
