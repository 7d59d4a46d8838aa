/** Stable codes of what `bench` throws. They name the fact, not the reaction to it. */
export type BenchErrorCode =
  | 'API_MISSING'
  | 'BASE_MISSING'
  | 'BASE_UNUSABLE'
  | 'BUILD_MISSING'
  | 'CHILD_FAILED'
  | 'DATA_UNUSABLE'
  | 'DEFECT_NOT_APPLIED'
  | 'GUARD_FAILED'
  | 'GUARD_INVALID'
  | 'HISTORY_WRITE_FAILED'
  | 'INVALID_OPTION'
  | 'NO_GUARDS'
  | 'OUTPUT_WRITE_FAILED'
  | 'PROJECT_NOT_FOUND'
  | 'RESULT_MISSING'
  | 'RESULT_UNREADABLE';

export interface BenchErrorOptions extends ErrorOptions {
  /** The file or folder that the failed operation was about. */
  readonly path?: string;
}

/** The one error class of `bench`. Branch on `code`, never on the message. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
  readonly code: BenchErrorCode;
  readonly path: string | undefined;

  constructor(code: BenchErrorCode, message: string, options: BenchErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.path = options.path;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of anything that was thrown, such as `ENOENT` or `API_MISSING`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
