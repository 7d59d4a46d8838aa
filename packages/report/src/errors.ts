/** Stable codes of what `report` throws. They name the fact, not the reaction to it. */
export type ReportErrorCode =
  | 'DOCUMENT_INVALID'
  | 'INVALID_OPTION'
  | 'RUN_ON_BOTH_SIDES'
  | 'SAMPLES_EMPTY'
  | 'SAMPLES_INVALID'
  | 'SELECTOR_INVALID';

export interface ReportErrorOptions extends ErrorOptions {
  /** What the failed operation was about, such as a selector or the id of a run. */
  readonly subject?: string;
}

/** The one error class of `report`. Branch on `code`, never on the message. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
  readonly code: ReportErrorCode;
  readonly subject: string | undefined;

  constructor(code: ReportErrorCode, message: string, options: ReportErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.subject = options.subject;
  }
}
