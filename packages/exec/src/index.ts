export { exitCodeOf } from './command-result.js';
export { openContainment, probeContainment } from './containment.js';
export { endLeftovers } from './end-leftovers.js';
export { ExecError } from './errors.js';
export { findLeftovers } from './find-leftovers.js';
export { cleanGitEnvironment, createGit } from './git.js';
export { openGroupGuard } from './group-guard.js';
export { listProcessIds } from './process-table.js';
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
export type { Containment, ContainmentProbe } from './containment.js';
export type { EndedLeftover, EndLeftoversOptions } from './end-leftovers.js';
export type { ExecErrorCode } from './errors.js';
export type { Leftover } from './find-leftovers.js';
export type { Git, GitAnswer, GitCall, GitSettings } from './git.js';
export type { GroupGuard, GroupGuardOptions } from './group-guard.js';
export type { GroupIdentity, LeftoverProof, LeftoverSearch } from './identify-leftovers.js';
export type {
  CommandLine,
  CommandOutput,
  OutputFilter,
  OutputStream,
  RunCommandOptions,
  StartedCommand,
} from './run-options.js';
