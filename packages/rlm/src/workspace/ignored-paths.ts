import { isAbsolute, join, posix, relative, sep } from 'node:path';

import type { FileSystem } from '@codex-orchestrator/core';

import type { Repository } from './find-repository.js';
import type { WorkspaceOptions } from './workspace-options.js';

/**
 * What no snapshot has, relative to the top of the repository and with `/`: what the caller named, and the
 * loop's own folders. What lies outside of the repository is left out.
 */
export function ignoredFromTop(
  { root, ignoredPaths, scratchDir, worktreeDir }: WorkspaceOptions,
  { top, prefix }: Repository,
  fs: FileSystem,
): readonly string[] {
  const named = ignoredPaths.map((path) =>
    isAbsolute(path) ? relative(realPath(root, fs), path) : path,
  );
  const fromRoot = named.map((path) => posix.join(prefix, path.split(sep).join('/')));
  const own = [scratchDir, worktreeDir].map((path) =>
    relative(top, realPath(path, fs)).split(sep).join('/'),
  );
  const inside = [...fromRoot, ...own]
    .map((path) => posix.normalize(path).replace(/\/+$/, ''))
    .filter((path) => !['', '.', '..'].includes(path) && !/^(?:\.\.)?\//.test(path))
    // The root itself is what is looked at.
    .filter((path) => path !== prefix);
  return [...new Set(inside)];
}

/** Without links; of what is not there yet, as far as it is. */
function realPath(path: string, fs: FileSystem): string {
  try {
    return fs.realpath(path);
  } catch {
    const parent = join(path, '..');
    return parent === path ? path : join(realPath(parent, fs), relative(parent, path));
  }
}
