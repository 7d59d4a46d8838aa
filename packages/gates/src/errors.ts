/** Stable codes of what keeps a gate from coming to a verdict at all. */
export type GateErrorCode =
  /** What is to be compared lies in no git repository, or git is not there. */
  | 'NOT_A_REPOSITORY'
  /** A revision that was named does not exist here. */
  | 'INVALID_BASE'
  /** Git did not do what it was asked for. */
  | 'GIT_FAILED'
  /** An option, a setting or a variable cannot be used. */
  | 'INVALID_OPTION'
  /** A file that the gate goes by cannot be read, or is not what it has to be. */
  | 'INVALID_FILE'
  /** A file could not be written. */
  | 'WRITE_FAILED'
  /** A task with this id is there already, or is not there. */
  | 'TASK_EXISTS'
  | 'TASK_NOT_FOUND'
  /** The caller ended it. */
  | 'CANCELLED';

export interface GateErrorOptions extends ErrorOptions {
  /** What to do about it, where that is certain. */
  readonly hint?: string;
}

/** A gate that could not come to a verdict: neither a pass nor a failure. */
export class GateError extends Error {
  readonly code: GateErrorCode;
  readonly hint: string | undefined;

  constructor(code: GateErrorCode, message: string, { hint, ...options }: GateErrorOptions = {}) {
    super(message, options);
    this.name = 'GateError';
    this.code = code;
    this.hint = hint;
  }
}
