import { nodeFileSystem } from '@codex-orchestrator/core';

import { countingFileSystem } from '../counts/counting-file-system.js';
import { runCounted } from '../counts/run-counted.js';
import { slotModules } from '../slot/slot-modules.js';
import type { Datasets, GuardContext, RunCliOptions } from './guard.js';

export interface ContextOptions {
  /** Folder of the build under test. */
  readonly slot: string;
  /** An empty folder; whoever made it removes it. */
  readonly folder: string;
  readonly data: Datasets;
}

/** What a guard reaches the build under test, its data and the machine through. */
export function createContext({ slot, folder, data }: ContextOptions): GuardContext {
  const modules = slotModules(slot);
  return {
    load: modules.load,
    folder,
    data,
    countFiles: () => countingFileSystem(nodeFileSystem),
    runCli: async (args, { cwd = folder, program, ...options }: RunCliOptions = {}) =>
      runCounted(program ?? (await modules.commandLine()), args, { cwd, ...options }),
  };
}
