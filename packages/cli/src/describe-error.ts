import { messageOf } from '@codex-orchestrator/core';

import type { CliError, CliErrorCode } from './errors.js';
import { exitCodes } from './exit-codes.js';
import type { ExitCodeRow } from './exit-codes.js';

/** An error as `--format json` shows it, with the exit code that it means. */
export interface DescribedError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly path?: string;
  /** Only for defects of this program, for the report that somebody will write. */
  readonly stack?: string;
  readonly exitCode: number;
  readonly [detail: string]: unknown;
}

/** The error classes of the packages, by name: asking the class would load the package. */
const packageErrors: ReadonlySet<string> = new Set([
  'CoreError',
  'ExecError',
  'ExperienceError',
  'GateError',
  'ManifestError',
  'MetricsError',
  'PipelineError',
  'ReportError',
]);

/** Codes that mean: the caller must change an argument, the environment or the configuration. */
const callerCodes: ReadonlySet<string> = new Set([
  'BATCH_INVALID',
  'BATCH_TOO_LARGE',
  'CONFIG_NOT_FOUND',
  'ENTRY_NOT_FOUND',
  'INSTRUCTIONS_INVALID',
  'INVALID_CONFIG',
  'INVALID_ENVIRONMENT',
  'INVALID_ID',
  'INVALID_JSON',
  'INVALID_OPTION',
  'PACK_INVALID',
  'PATH_ESCAPES_ROOT',
  'RECORD_NOT_FOUND',
  'RUN_ON_BOTH_SIDES',
  'SELECTOR_INVALID',
  'SIGNING_KEY_UNUSABLE',
]);

/** Codes of the packages that mean: the answer is no. */
const refusalCodes: ReadonlySet<string> = new Set(['PRUNE_REFUSED']);

/** Codes of the CLI that do not mean that the call was wrong. */
const cliExitCodes: Partial<Record<CliErrorCode, ExitCodeRow>> = {
  EVIDENCE_UNREADABLE: exitCodes.unavailable,
  LESSON_REFUSED: exitCodes.failed,
  LOG_NOT_FOUND: exitCodes.unavailable,
  RUNNER_FAILED: exitCodes.unavailable,
  RUN_ELSEWHERE: exitCodes.unavailable,
  RUN_INTERRUPTED: exitCodes.interrupted,
  RUN_UNREADABLE: exitCodes.unavailable,
  WAIT_TIMEOUT: exitCodes.timedOut,
};

/** Sorts any error into the table of exit codes. */
export function describeError(error: unknown): DescribedError {
  if (isCliError(error)) return describeCliError(error);
  if (isPackageError(error)) return describePackageError(error);
  if (isErrno(error)) return describeErrno(error);
  return describeDefect(error);
}

/** By its name: each file of the built program has the class as its own. */
function isCliError(error: unknown): error is CliError {
  return error instanceof Error && error.name === 'CliError';
}

interface PackageError extends Error {
  readonly code: string;
  readonly path?: string | undefined;
  readonly hint?: string | undefined;
  readonly problems?: readonly (object | string)[];
}

function isPackageError(error: unknown): error is PackageError {
  return error instanceof Error && packageErrors.has(error.name) && 'code' in error;
}

function describeCliError(error: CliError): DescribedError {
  const { code, message, hint, details } = error;
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...details,
    exitCode: error.exitCode ?? (cliExitCodes[code] ?? exitCodes.usage).code,
  };
}

function describePackageError(error: PackageError): DescribedError {
  const { code, message, path, hint, problems = [] } = error;
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(path === undefined ? {} : { path }),
    ...(problems.length === 0 ? {} : { problems }),
    exitCode: exitCodeOfPackage(error).code,
  };
}

function exitCodeOfPackage({ name, code }: PackageError): ExitCodeRow {
  // A gate without a verdict is not one that failed, whatever kept it from one.
  if (name === 'GateError') return exitCodes.usage;
  if (callerCodes.has(code)) return exitCodes.usage;
  return refusalCodes.has(code) ? exitCodes.failed : exitCodes.unavailable;
}

function isErrno(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

function describeErrno(error: NodeJS.ErrnoException & { readonly code: string }): DescribedError {
  return {
    code: error.code,
    message: error.message,
    ...(error.path === undefined ? {} : { path: error.path }),
    exitCode: exitCodes.unavailable.code,
  };
}

function describeDefect(error: unknown): DescribedError {
  const message = messageOf(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return {
    code: 'INTERNAL',
    message: `Internal error: ${message}`,
    ...(stack === undefined ? {} : { stack }),
    exitCode: exitCodes.internal.code,
  };
}
