/** Stable codes of what the CLI itself refuses. They appear in `--format json` as `error.code`. */
export type CliErrorCode =
  | 'BASE_UNAVAILABLE'
  | 'CONFIG_EXISTS'
  | 'CONFIG_NOT_FOUND'
  | 'EVIDENCE_EXISTS'
  | 'EVIDENCE_NOT_FOUND'
  | 'EVIDENCE_UNREADABLE'
  | 'EXPERIENCE_NOT_FOUND'
  | 'INVALID_PACKAGE_JSON'
  | 'LESSON_REFUSED'
  | 'LOG_NOT_FOUND'
  | 'NOTHING_TO_COMPARE'
  | 'NO_WORKSPACE'
  | 'PIPELINE_NOT_FOUND'
  | 'PLAN_DRIFT'
  | 'PLAN_REFUSED'
  | 'PUBLIC_KEY_UNUSABLE'
  | 'RESUME_TOKEN_MISMATCH'
  | 'RUNNER_FAILED'
  | 'RUN_ALIVE'
  | 'RUN_BUSY'
  | 'RUN_ELSEWHERE'
  | 'RUN_INTERRUPTED'
  | 'RUN_NOT_FOUND'
  | 'RUN_NOT_PLANNED'
  | 'RUN_SUCCEEDED'
  | 'RUN_UNREADABLE'
  | 'SIGNING_KEY_UNUSABLE'
  | 'STAGE_NOT_FOUND'
  | 'USAGE'
  | 'WAIT_TIMEOUT'
  | 'WORKTREES_UNSAFE';

export interface CliErrorOptions extends ErrorOptions {
  /** What to do about it, when that is certain: a command or a flag. Printed on its own line. */
  readonly hint?: string;
  /** Further facts for `--format json`, beside code and message. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** @default what the code means */
  readonly exitCode?: number;
}

/** The one error class of the CLI. `run()` alone turns it into text, JSON and an exit code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly exitCode: number | undefined;

  constructor(code: CliErrorCode, message: string, options: CliErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
    this.exitCode = options.exitCode;
  }
}

/** Wrong arguments: the answer is exit code 2 and a pointer to the help of the command. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError('USAGE', message, hint === undefined ? {} : { hint });
}
