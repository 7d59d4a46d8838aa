import { posix } from 'node:path';

import { resolveInside } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

/** What is at a path. `outside` is what a symlink on the way to it leads out of the root for. */
export type PathKind = 'file' | 'folder' | 'missing' | 'outside';

/** What is on disk below the root, asked once per path and per folder, ignored files included. */
export interface RepositoryPaths {
  /** @param path Relative to the root, normalized, in exactly the case that its names are written in. */
  readonly kindOf: (path: string) => PathKind;
  /** Names in a folder; none where there is no such folder. */
  readonly namesIn: (folder: string) => ReadonlySet<string>;
}

/** No system opens a longer one. */
const maxPathLength = 4096;

export function createRepositoryPaths(fs: FileSystem, root: string): RepositoryPaths {
  const kinds = new Map<string, PathKind>([['.', 'folder']]);
  const folders = new Map<string, ReadonlySet<string>>();

  function kindOf(path: string): PathKind {
    const known = kinds.get(path);
    if (known !== undefined) return known;
    if (path.length > maxPathLength) return 'missing';
    const parent = kindOf(posix.dirname(path));
    // The names say in which case they are written; asking for the file does not, on some systems.
    const isThere = parent === 'folder' && namesIn(posix.dirname(path)).has(posix.basename(path));
    const kind = isThere ? examine(path) : parent === 'outside' ? 'outside' : 'missing';
    kinds.set(path, kind);
    return kind;
  }

  function examine(path: string): PathKind {
    try {
      const stats = fs.lstat(`${root}/${path}`);
      if (!stats.isSymbolicLink()) return stats.isDirectory() ? 'folder' : 'file';
      return fs.stat(resolveInside(root, path, { fs })).isDirectory() ? 'folder' : 'file';
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'PATH_ESCAPES_ROOT' ? 'outside' : 'missing';
    }
  }

  function namesIn(folder: string): ReadonlySet<string> {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const names = readNames(folder);
    folders.set(folder, names);
    return names;
  }

  function readNames(folder: string): ReadonlySet<string> {
    try {
      return new Set(fs.readdir(`${root}/${folder}`));
    } catch {
      // What cannot be listed cannot be found in it: a reference to it is a finding.
      return new Set();
    }
  }

  return { kindOf, namesIn };
}
