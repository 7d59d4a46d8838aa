/** Stable codes of what `rlm` throws. They name the fact, not the reaction to it. */
export type RlmErrorCode =
  | 'BRANCH_UNAVAILABLE'
  | 'GIT_FAILED'
  | 'HISTORY_DAMAGED'
  | 'ISOLATION_UNAVAILABLE'
  | 'NOT_ISOLATED'
  | 'RESTORE_FAILED'
  | 'TOO_MANY_PROTECTED_FILES';

export interface RlmErrorOptions extends ErrorOptions {
  /** The file or folder that the failed operation was about. */
  readonly path?: string;
}

/** The one error class of `rlm`. Branch on `code`, never on the message. */
export class RlmError extends Error {
  override readonly name = 'RlmError';
  readonly code: RlmErrorCode;
  readonly path: string | undefined;

  constructor(code: RlmErrorCode, message: string, options: RlmErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.path = options.path;
  }
}
