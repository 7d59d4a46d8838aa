export { appendLines } from './append-lines.js';
export { writeFileAtomic, writeJsonAtomic } from './atomic-write.js';
export { sleep, systemClock } from './clock.js';
export { closestName } from './closest-name.js';
export { codeOf } from './code-of.js';
export { resolveInside } from './contained-path.js';
export { countEdits } from './count-edits.js';
export { createSha256, sha256Hex } from './digest.js';
export { environmentVariables, renderEnvironmentTable } from './environment-variables.js';
export {
  readBoolean,
  readForeignBoolean,
  readInteger,
  readNonInteractive,
  readNumber,
  readPresence,
  readString,
} from './environment.js';
export { CoreError } from './errors.js';
export { acquireLock, tryAcquireLock, withFileLock } from './file-lock.js';
export { nodeFileSystem } from './file-system.js';
export { readJson } from './json-file.js';
export { readdirWithLinksAsFiles } from './links-as-files.js';
export { openLineAppender } from './line-appender.js';
export { describeLockBusy } from './lock-busy.js';
export { messageOf } from './message-of.js';
export {
  currentProcessIdentity,
  identifyProcess,
  processLiveness,
  readProcessStat,
} from './process-identity.js';
export { systemRandom } from './random.js';
export { untrustedReadFlags } from './read-flags.js';
export { readFile } from './read-file.js';
export { readLines, visitLines } from './read-lines.js';
export { err, ok } from './result.js';
export { createRunId, parseRunId } from './run-id.js';
export { checkIdentifier, maxIdentifierBytes } from './safe-segment.js';
export { slugify } from './slugify.js';
export { syncFolder } from './sync-folder.js';
export { parseTaskId } from './task-id.js';
export { isTempName, sweepTempFiles } from './temp-path.js';
export { withFile } from './with-file.js';
export { writeAll } from './write-all.js';
export { createWriteCoalescer } from './write-coalescer.js';

export type { AtomicWriteOptions, Durability, WriteReport } from './atomic-write.js';
export type { Clock } from './clock.js';
export type { ResolveInsideOptions } from './contained-path.js';
export type { EnvironmentVariable } from './environment-variable.js';
export type { Environment, IntegerRange } from './environment.js';
export type { CoreErrorCode, CoreErrorOptions, OnDisk } from './errors.js';
export type { LockOptions } from './file-lock.js';
export type { FileSystem } from './file-system.js';
export type { FileLock, LockRelease } from './held-lock.js';
export type { ReadJsonOptions } from './json-file.js';
export type { AppendOptions, AppendReport, LineAppender } from './line-appender.js';
export type { LockBusy } from './lock-busy.js';
export type { LockBusyReason } from './lock-judgement.js';
export type { LockOwner } from './lock-owner.js';
export type { ProcessIdentity, ProcessLiveness, ProcessStat } from './process-identity.js';
export type { RandomSource } from './random.js';
export type { Line, LineBatch, LinePosition, ReadLinesOptions, ReadSummary } from './read-lines.js';
export type { Result } from './result.js';
export type { RunId, RunIdOptions, RunIdParts } from './run-id.js';
export type { TaskId } from './task-id.js';
export type { SweepOptions } from './temp-path.js';
export type { WriteCoalescer, WriteCoalescerOptions } from './write-coalescer.js';
