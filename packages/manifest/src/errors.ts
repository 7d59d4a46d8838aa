/** Stable codes of what `manifest` throws. They name the fact, not the reaction to it. */
export type ManifestErrorCode =
  | 'EVENT_OUT_OF_ORDER'
  | 'HISTORY_FAILED'
  | 'JOURNAL_DAMAGED'
  | 'JOURNAL_UNREADABLE'
  | 'JOURNAL_WRITE_FAILED'
  | 'LISTENER_FAILED'
  | 'MANIFEST_DAMAGED'
  | 'MANIFEST_NOT_FOUND'
  | 'MANIFEST_UNREADABLE'
  | 'MANIFEST_WRITE_FAILED'
  | 'RECORD_OPEN_FAILED'
  | 'RECORD_SEALED'
  | 'RUN_EXISTS'
  | 'RUNS_UNREADABLE'
  | 'SIGNATURE_FAILED'
  | 'SIGNING_KEY_UNUSABLE';

export interface ManifestErrorOptions extends ErrorOptions {
  /** The file or folder that the failed operation was about. */
  readonly path?: string;
}

/** The one error class of `manifest`. Branch on `code`, never on the message. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly code: ManifestErrorCode;
  readonly path: string | undefined;

  constructor(code: ManifestErrorCode, message: string, options: ManifestErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.path = options.path;
  }
}
