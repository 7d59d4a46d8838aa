import { readdirWithLinksAsFiles } from '@codex-orchestrator/core';

export interface GlobOptions {
  /** The folder that globs start from, absolute. */
  readonly root: string;
  /** Folders relative to the root that are left out. */
  readonly ignoredPaths: readonly string[];
}

/**
 * Files and symlinks that globs name, relative to the root with `/`: hidden ones too, nothing in `.git` or
 * `node_modules`, nothing outside of the root. Symlinks are found as what they are and not followed.
 */
export async function globFiles(
  globs: readonly string[],
  { root, ignoredPaths }: GlobOptions,
): Promise<readonly string[]> {
  if (globs.length === 0) return [];
  // Loaded on first use: most loops protect what their validators name.
  const { escapePath, glob } = await import('tinyglobby');
  const ignored = ignoredPaths.map((path) => `${escapePath(path.replace(/\/+$/, ''))}/**`);
  const found = await glob(globs, {
    cwd: root,
    dot: true,
    followSymbolicLinks: false,
    ignore: ['**/.git/**', '**/node_modules/**', ...ignored],
    fs: { readdir: readdirWithLinksAsFiles },
  });
  return found.filter((path) => !/^(?:\.\.)?\//.test(path));
}
