/** Stable codes of what `exec` throws. What a command does is never thrown: it is an outcome. */
export type ExecErrorCode = 'CONTAINMENT_UNAVAILABLE' | 'INVALID_OPTION';

/** The one error class of `exec`. Branch on `code`, never on the message. */
export class ExecError extends Error {
  override readonly name = 'ExecError';
  readonly code: ExecErrorCode;

  constructor(code: ExecErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
