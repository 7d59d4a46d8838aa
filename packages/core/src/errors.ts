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
  | 'READ_FAILED'
  | 'SWEEP_FAILED';

/**
 * What a file holds after a failed write: `old` nothing of it, `new` all of it (though it may not
 * outlive a loss of power), `partial` a part of it at its end, `unknown` where others write too.
 */
export type OnDisk = 'old' | 'new' | 'partial' | 'unknown';

export interface CoreErrorOptions extends ErrorOptions {
  /** The file or folder that the failed operation was about. */
  readonly path?: string;
  /** Set by failed writes alone. */
  readonly onDisk?: OnDisk;
}

/** The one error class of `core`. Branch on `code`, never on the message. */
export class CoreError extends Error {
  override readonly name = 'CoreError';
  readonly code: CoreErrorCode;
  readonly path: string | undefined;
  /** What a failed write left in the file; `undefined` where nothing was written. */
  readonly onDisk: OnDisk | undefined;

  constructor(code: CoreErrorCode, message: string, options: CoreErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.path = options.path;
    this.onDisk = options.onDisk;
  }

  /** The operating system's reason, such as `ENOENT`, where it gave one. */
  get errno(): string | undefined {
    return errnoOf(this.cause);
  }
}

/** The errno code of whatever was thrown, such as `ENOENT`. */
export function errnoOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
