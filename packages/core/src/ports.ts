/** The ports as the system has them, without all else that this package can do. */
export { systemClock } from './clock.js';
export { nodeFileSystem } from './file-system.js';
export { systemRandom } from './random.js';
