import type { Datasets, GuardContext } from './guard.js';

export interface ContextOptions {
  /** Folder of the build under test. */
  readonly slot: string;
  /** An empty folder; whoever made it removes it. */
  readonly folder: string;
  readonly data: Datasets;
}

/** What a guard reaches the build under test, its data and the machine through. */
export function createContext({ slot, folder, data }: ContextOptions): GuardContext {
  throw new Error(`Internal error: nothing is measured yet in "${slot}", "${folder}"`, {
    cause: data,
  });
}
