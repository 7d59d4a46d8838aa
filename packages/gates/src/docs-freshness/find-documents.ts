import { join } from 'node:path';

import { resolveInside } from '@codex-orchestrator/core';

import type { GatePorts } from '../gate/gate-ports.js';
import { listFiles } from '../repository/list-files.js';
import { foldersOfGlobs, matchGlobs } from '../repository/match-globs.js';

/**
 * The documents of a repository, sorted: files that git knows or does not ignore. Links are none, what they
 * lead to is looked at where it is; neither are files that git knows and that are gone.
 *
 * @param globs Relative to the root.
 * @throws GateError `GIT_FAILED`
 */
export async function findDocuments(
  ports: GatePorts,
  globs: readonly string[],
): Promise<readonly string[]> {
  const isWanted = matchGlobs(globs);
  const files = await listFiles(ports, { folders: foldersOfGlobs(globs) });
  return files.filter((path) => isWanted(path) && isRegularFile(ports, path));
}

/** Whether a path, relative to the root, is a file that lies in the root. */
export function isFileInside({ fs, root }: Pick<GatePorts, 'fs' | 'root'>, path: string): boolean {
  try {
    return fs.stat(resolveInside(root, path, { fs })).isFile();
  } catch {
    return false;
  }
}

function isRegularFile({ fs, root }: GatePorts, path: string): boolean {
  try {
    return fs.lstat(join(root, path)).isFile();
  } catch {
    return false;
  }
}
