import type { CommandLine } from '@codex-orchestrator/exec';

/** A command that judges the work: it passes by exiting with 0. */
export interface Validator {
  /** Unique in the loop and usable as part of a file name. */
  readonly name: string;
  readonly command: CommandLine;
  readonly timeoutMs: number;
}

export const validatorOutcomes = [
  'passed',
  'failed',
  'timed-out',
  'cancelled',
  /** It could not be started, or the shell did not find it (126, 127): it has judged nothing. */
  'not-runnable',
] as const;
export type ValidatorOutcome = (typeof validatorOutcomes)[number];

/** How a validator judged one iteration. */
export interface Judgement {
  readonly name: string;
  /** The command as one line. */
  readonly command: string;
  readonly outcome: ValidatorOutcome;
  readonly exitCode: number | null;
  readonly durationMs: number;
  /** Relative to the loop's folder. */
  readonly logPath: string | null;
  /**
   * Digest of what it said, without what changes from run to run by itself (times, durations, pids,
   * addresses, temp paths); numbers that count something stay. Null where it judged nothing.
   */
  readonly fingerprint: string | null;
  /** The end of what it printed, without secrets and without colours, at most 8 KiB. */
  readonly tail: string;
}

/** What was found where nobody named a validator. */
export type Detection =
  | { readonly kind: 'found'; readonly command: string; readonly reason: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Candidate[] };

export interface Candidate {
  readonly command: string;
  /** The files that speak for it, such as `package.json (packageManager pnpm)`; joined by `; `. */
  readonly reason: string;
}
