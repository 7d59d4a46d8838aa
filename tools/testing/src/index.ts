export { bundleChildProgram, runReadmeExample } from './child-program.js';
export { faultyFileSystem } from './faulty-file-system.js';
export { createManualClock } from './manual-clock.js';
export { createRig } from './rig.js';
export { createSeededRandom } from './seeded-random.js';
export { singleFaults } from './single-faults.js';

export type { ChildProgram, ReadmeExampleOptions } from './child-program.js';
export type { Fault, FaultyCall, FaultyFileSystem } from './faulty-file-system.js';
export type { ManualClock } from './manual-clock.js';
export type { Rig } from './rig.js';
export type { SeededRandom } from './seeded-random.js';
export type { SingleFault } from './single-faults.js';
