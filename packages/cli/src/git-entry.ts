import { lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What `.git` is in the folder of a work tree, and its path. */
export interface GitEntry {
  /** A `link` is a file that names the repository, as in linked work trees and submodules. */
  readonly kind: 'link' | 'repository';
  readonly path: string;
}

/**
 * The `.git` of this very folder, where it makes the folder a work tree. As for git itself, a folder
 * `.git` without a `HEAD` is none: sandboxes of agents leave empty ones behind when they are killed.
 */
export function readGitEntry(folder: string): GitEntry | undefined {
  const path = join(folder, '.git');
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() === true) return { kind: 'link', path };
  if (stats?.isDirectory() !== true) return undefined;
  const head = lstatSync(join(path, 'HEAD'), { throwIfNoEntry: false });
  return head === undefined ? undefined : { kind: 'repository', path };
}
