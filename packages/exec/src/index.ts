export { exitCodeOf } from './command-result.js';
export { ExecError } from './errors.js';
export { openGroupGuard } from './group-guard.js';
export { quoteArgv } from './quote-argv.js';
export { runCommand } from './run-command.js';

export type {
  CapturedTail,
  CommandOutcome,
  CommandProblem,
  CommandResult,
  GroupEnd,
  LogFailure,
  LogReport,
  SpawnFailure,
} from './command-result.js';
export type { ExecErrorCode } from './errors.js';
export type { GroupGuard, GroupGuardOptions } from './group-guard.js';
export type {
  CommandLine,
  CommandOutput,
  OutputFilter,
  OutputStream,
  RunCommandOptions,
  StartedCommand,
} from './run-options.js';
