import type { Problem } from './problem.js';

/** Stable codes of what `pipeline` throws. They name the fact, not the reaction to it. */
export type PipelineErrorCode =
  | 'CONFIG_NOT_FOUND'
  | 'CONFIG_UNREADABLE'
  | 'INVALID_CONFIG'
  | 'INVALID_OPTION'
  | 'LOOP_REFUSED'
  | 'STAGE_ENDED'
  | 'PLAN_DRIFT'
  | 'RESUME_TOKEN_MISMATCH'
  | 'RUN_ALIVE'
  | 'RUN_BUSY'
  | 'RUN_SUCCEEDED';

export interface PipelineErrorOptions extends ErrorOptions {
  /** The file or folder that the failed operation was about. */
  readonly path?: string;
  readonly problems?: readonly Problem[];
  /** What differs from the plan that the run was started with. */
  readonly drift?: readonly string[];
}

/** The one error class of `pipeline`. Branch on `code`, never on the message. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  readonly code: PipelineErrorCode;
  readonly path: string | undefined;
  /** Everything that was wrong, in the order of the file; empty where one sentence says it all. */
  readonly problems: readonly Problem[];
  /** What differs from the plan that the run was started with, one sentence each; for `PLAN_DRIFT`. */
  readonly drift: readonly string[];

  constructor(code: PipelineErrorCode, message: string, options: PipelineErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.path = options.path;
    this.problems = options.problems ?? [];
    this.drift = options.drift ?? [];
  }
}
