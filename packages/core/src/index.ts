export { sleep, systemClock } from './clock.js';
export { resolveInside } from './contained-path.js';
export { environmentVariables, renderEnvironmentTable } from './environment-variables.js';
export {
  readBoolean,
  readForeignBoolean,
  readInteger,
  readNonInteractive,
  readPresence,
  readString,
} from './environment.js';
export { CoreError } from './errors.js';
export { nodeFileSystem } from './file-system.js';
export { currentProcessIdentity, identifyProcess, processLiveness } from './process-identity.js';
export { systemRandom } from './random.js';
export { err, ok } from './result.js';
export { createRunId, parseRunId } from './run-id.js';
export { checkIdentifier, maxIdentifierBytes } from './safe-segment.js';
export { slugify } from './slugify.js';
export { parseTaskId } from './task-id.js';

export type { Clock } from './clock.js';
export type { ResolveInsideOptions } from './contained-path.js';
export type { EnvironmentVariable } from './environment-variables.js';
export type { Environment, IntegerRange } from './environment.js';
export type { CoreErrorCode, CoreErrorOptions } from './errors.js';
export type { FileSystem } from './file-system.js';
export type { ProcessIdentity, ProcessLiveness } from './process-identity.js';
export type { RandomSource } from './random.js';
export type { Result } from './result.js';
export type { RunId, RunIdOptions, RunIdParts } from './run-id.js';
export type { TaskId } from './task-id.js';
