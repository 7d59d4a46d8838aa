/** Stable codes of what `metrics` throws. They name the fact, not the reaction to it. */
export type MetricsErrorCode =
  | 'BASELINE_UNUSABLE'
  | 'ENTRY_INVALID'
  | 'ENTRY_NOT_FOUND'
  | 'HISTORY_UNREADABLE'
  | 'HISTORY_WRITE_FAILED'
  | 'INVALID_OPTION'
  | 'OUTPUT_WRITE_FAILED'
  | 'PRUNE_REFUSED';

export interface MetricsErrorOptions extends ErrorOptions {
  /** The file or folder that the failed operation was about. */
  readonly path?: string;
}

/** The one error class of `metrics`. Branch on `code`, never on the message. */
export class MetricsError extends Error {
  override readonly name = 'MetricsError';
  readonly code: MetricsErrorCode;
  readonly path: string | undefined;

  constructor(code: MetricsErrorCode, message: string, options: MetricsErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.path = options.path;
  }
}
