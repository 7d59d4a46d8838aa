import type { GuardDescription } from '../guard/guard-description.js';

/** What every child process that works for a guard is told. */
export interface GuardJob {
  readonly guardFile: string;
  /** Folder of the build under test. */
  readonly slot: string;
  /** An empty folder that is the guard's. */
  readonly folder: string;
  /** Where data sets are kept. */
  readonly cacheDir: string;
  /** Where the answer goes, as JSON. */
  readonly answerFile: string;
}

/** Describe the guard, and measure it if it is `exact` or `growth`; of `memory`, make the inputs. */
export interface MeasureJob extends GuardJob {
  readonly task: 'measure';
}

/** Consume one input and tell the peak of the memory of this process. */
export interface ConsumeJob extends GuardJob {
  readonly task: 'consume';
  readonly input: unknown;
}

/** What a child answers. One that dies answers nothing, or with a description alone. */
export interface JobAnswer {
  readonly description?: GuardDescription;
  readonly outcome?: JobOutcome;
}

/** A `value` of `undefined` is none after its way through JSON: whoever judges it says so. */
export type JobOutcome =
  | { readonly value?: unknown }
  | { readonly error: { readonly code?: string; readonly message: string } };
