export { sleep, systemClock } from './clock.js';
export { CoreError } from './errors.js';
export { nodeFileSystem } from './file-system.js';
export { systemRandom } from './random.js';
export { err, ok } from './result.js';

export type { Clock } from './clock.js';
export type { CoreErrorCode, CoreErrorOptions } from './errors.js';
export type { FileSystem } from './file-system.js';
export type { RandomSource } from './random.js';
export type { Result } from './result.js';
