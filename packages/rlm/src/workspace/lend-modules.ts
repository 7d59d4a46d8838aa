import { join, relative, sep } from 'node:path';

import type { FileSystem } from '@codex-orchestrator/core';

import { isThere } from './file-tree.js';
import type { NoteList } from './note-list.js';

export interface LendModulesOptions {
  /** The folder whose `node_modules` are installed. */
  readonly from: string;
  /** The one in the worktree that stands for it. */
  readonly to: string;
  /** Makes a symbolic link. */
  readonly link: (target: string, path: string) => void;
  readonly fs: FileSystem;
  readonly notes: NoteList;
}

const folderName = 'node_modules';

/**
 * Lends the installed modules to a worktree: every entry of the top-level `node_modules` becomes a link.
 * One that leads back into the repository, as those of workspaces do, leads to the worktree's own package:
 * a validator would judge files that nobody changed.
 */
export function lendModules(options: LendModulesOptions): void {
  const { from, to, fs, notes } = options;
  if (!isFolder(join(from, folderName), fs) || isThere(fs, join(to, folderName))) return;
  try {
    linkEntries(folderName, options);
    notes.add(
      'The worktree uses the node_modules of the repository: what installs there changes both.',
    );
  } catch (error) {
    notes.add(`The worktree has no node_modules: ${String(error)}.`);
  }
}

function linkEntries(place: string, options: LendModulesOptions): void {
  const { from, to, fs, link } = options;
  fs.mkdir(join(to, place));
  for (const name of fs.readdir(join(from, place))) {
    const path = join(place, name);
    if (name.startsWith('@') && fs.lstat(join(from, path)).isDirectory())
      linkEntries(path, options);
    else link(join(ownPath(path, options) ?? join(from, path)), join(to, path));
  }
}

/** Where in the worktree an entry leads that is a package of the repository; undefined for all others. */
function ownPath(path: string, { from, to, fs }: LendModulesOptions): string | undefined {
  if (!fs.lstat(join(from, path)).isSymbolicLink()) return undefined;
  try {
    const way = relative(fs.realpath(from), fs.realpath(join(from, path)));
    const parts = way.split(sep);
    const isOwn = way !== '' && parts[0] !== '..' && !parts.includes(folderName);
    return isOwn ? join(to, way) : undefined;
  } catch {
    return undefined;
  }
}

function isFolder(path: string, fs: FileSystem): boolean {
  try {
    return fs.stat(path).isDirectory();
  } catch {
    return false;
  }
}
