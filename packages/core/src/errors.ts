/** Stable codes of what `core` throws. They name the fact, not the reaction to it. */
export type CoreErrorCode =
  | 'APPEND_FAILED'
  | 'ATOMIC_WRITE_FAILED'
  | 'INVALID_ENVIRONMENT'
  | 'INVALID_ID'
  | 'INVALID_JSON'
  | 'INVALID_OPTION'
  | 'LOCK_COMPROMISED'
  | 'LOCK_FAILED'
  | 'LOCK_TIMEOUT'
  | 'PATH_ESCAPES_ROOT'
  | 'READ_FAILED';

export interface CoreErrorOptions extends ErrorOptions {
  /** The file or folder that the failed operation was about. */
  readonly path?: string;
}

/** The one error class of `core`. Branch on `code`, never on the message. */
export class CoreError extends Error {
  override readonly name = 'CoreError';
  readonly code: CoreErrorCode;
  readonly path: string | undefined;

  constructor(code: CoreErrorCode, message: string, options: CoreErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.path = options.path;
  }
}
