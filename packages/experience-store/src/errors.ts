/** Stable codes of what `experience-store` throws. They name the fact, not the reaction to it. */
export type ExperienceErrorCode =
  | 'BATCH_INVALID'
  | 'BATCH_TOO_LARGE'
  | 'INSTRUCTIONS_INVALID'
  | 'INVALID_OPTION'
  | 'PACK_INVALID'
  | 'RECORD_NOT_FOUND'
  | 'STORE_BUSY'
  | 'STORE_UNREADABLE'
  | 'STORE_WRITE_FAILED';

export interface ExperienceErrorOptions extends ErrorOptions {
  /** The file or folder that the failed operation was about. */
  readonly path?: string;
  /** What was wrong, one sentence each, where it was more than one thing. */
  readonly problems?: readonly string[];
}

/** The one error class of `experience-store`. Branch on `code`, never on the message. */
export class ExperienceError extends Error {
  override readonly name = 'ExperienceError';
  readonly code: ExperienceErrorCode;
  readonly path: string | undefined;
  readonly problems: readonly string[];

  constructor(code: ExperienceErrorCode, message: string, options: ExperienceErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.path = options.path;
    this.problems = options.problems ?? [];
  }
}

/** An error that stands for one or more problems, told by the first of them. */
export function errorOf(
  code: ExperienceErrorCode,
  attempt: string,
  problems: readonly { readonly message: string; readonly path: string }[],
): ExperienceError {
  const messages = problems.map(({ message }) => message);
  const [first] = problems;
  const more = messages.length > 1 ? ` (and ${messages.length - 1} more)` : '';
  return new ExperienceError(code, `${attempt}: ${first?.message ?? ''}${more}`, {
    ...(first && { path: first.path }),
    problems: messages,
  });
}
