import type { PairedSample } from '../results/result.js';
import type { Side } from './log-ratios.js';

/** One process of a paired measurement: what it measures, as JSON. */
export interface TimeJob {
  readonly guardFile: string;
  /** An empty folder for the folders of the contexts. */
  readonly folder: string;
  /** Where data sets are kept. */
  readonly dataFolder: string;
  readonly sides: readonly TimeSide[];
  /** Rounds that are not counted, in which the engine compiles what runs often. */
  readonly warmUps: number;
  readonly rounds: number;
  /** Calls per sample; null: as many as a sample of the base needs to reach `sampleMs`. */
  readonly batch: number | null;
  /** The least processor time of one sample, in milliseconds. */
  readonly sampleMs: number;
  /** Of the order within rounds. */
  readonly seed: number;
  /** Where the outcome goes, as JSON. */
  readonly answerFile: string;
}

export interface TimeSide {
  readonly side: Side;
  /** Folder of its build. */
  readonly slot: string;
  /** Share of the processor time of each sample that is spent once more on nothing. */
  readonly extraShare: number;
}

/** What a process makes of its job. */
export type TimeOutcome =
  | {
      readonly outcome: 'measured';
      readonly batch: number;
      /** In the order of time, in milliseconds per call. */
      readonly rounds: readonly PairedSample['calls'][];
    }
  /** The base has nothing to compare with. */
  | { readonly outcome: 'new'; readonly message: string }
  | { readonly outcome: 'failed'; readonly message: string };
