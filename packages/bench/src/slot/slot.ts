import type { PackageFolder } from './package-folders.js';

/**
 * A build under test: copies of the built packages that a project needs, at
 * `<folder>/node_modules/<package name>`, with links to the external packages of the workspace beside them.
 * A copy, because a build that is measured must not change, and because two builds are then the same
 * distance from the root of the file system.
 */
export interface Slot {
  /** Absolute. */
  readonly folder: string;
  /** What was copied, by name. */
  readonly packages: readonly PackageFolder[];
  /** SHA-256 over all that guards can reach in it. */
  readonly buildHash: string;
}

export interface CreateSlotOptions {
  /** Folder of the workspace whose built packages are copied. */
  readonly root: string;
  /** Name of the project whose packages are needed; undefined: all packages. */
  readonly project?: string | undefined;
  /** Where the slot comes to be; empty or absent. */
  readonly folder: string;
  /**
   * Folder of the workspace whose `node_modules` the external packages are taken from.
   *
   * @default root
   */
  readonly externalsRoot?: string;
}
