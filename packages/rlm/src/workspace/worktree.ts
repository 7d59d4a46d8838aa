import { basename, dirname, join, resolve } from 'node:path';

import type { FileSystem } from '@codex-orchestrator/core';

import { RlmError } from '../errors.js';
import { isThere, readIfThere, removeTree, writeNew } from './file-tree.js';
import type { Git } from '@codex-orchestrator/exec';

export interface WorktreePlace {
  /** Where it is or will be, absolute. */
  readonly folder: string;
  /** What all work trees of the repository share. */
  readonly commonDir: string;
  /** Starts git in the repository that it belongs to. */
  readonly git: Git;
  readonly fs: FileSystem;
}

/** Written last into what git keeps of a worktree: one with it has all its files. */
const markName = 'codex-orchestrator';

/** Where git keeps what it knows of a worktree; undefined where it knows of none in this place. */
export function findWorktree({ folder, commonDir, fs }: WorktreePlace): string | undefined {
  const wanted = canonicalPath(folder, fs);
  const all = join(commonDir, 'worktrees');
  if (!isThere(fs, all)) return undefined;
  return fs
    .readdir(all)
    .map((name) => join(all, name))
    .find((admin) => {
      const link = readIfThere(fs, join(admin, 'gitdir'))?.toString('utf8').trim();
      return link !== undefined && canonicalPath(dirname(resolve(admin, link)), fs) === wanted;
    });
}

/** The commit that a worktree was made from; undefined where it was not made to its end. */
export function readMark(admin: string, fs: FileSystem): string | undefined {
  return readIfThere(fs, join(admin, markName))?.toString('utf8').trim();
}

export function writeMark(admin: string, commit: string, fs: FileSystem): void {
  writeNew(fs, join(admin, markName), `${commit}\n`);
}

/** An agent can have deleted what leads from a worktree to its repository. */
export function repairLink(folder: string, admin: string, fs: FileSystem): void {
  const link = join(folder, '.git');
  const content = `gitdir: ${admin}\n`;
  if (readIfThere(fs, link)?.toString('utf8') === content) return;
  removeTree(fs, link);
  writeNew(fs, link, content);
}

/**
 * Adds a worktree without files, whose HEAD is a commit and no branch.
 *
 * @throws RlmError `ISOLATION_UNAVAILABLE`
 */
export async function addWorktree(place: WorktreePlace, commit: string): Promise<string> {
  const { folder, git, fs } = place;
  fs.mkdir(dirname(folder), { recursive: true });
  const argv = ['worktree', 'add', '--quiet', '--detach', '--no-checkout', folder, commit];
  const { exitCode, complaint } = await git(argv);
  const admin = exitCode === 0 ? findWorktree(place) : undefined;
  if (admin !== undefined) return admin;
  const why = complaint === '' ? 'git does not know of it' : complaint;
  throw new RlmError(
    'ISOLATION_UNAVAILABLE',
    `Cannot make a worktree of ${commit} in '${folder}': ${why}`,
    { path: folder },
  );
}

/** Removes a worktree and what git knows of it. No other worktree is touched. */
export async function removeWorktree(place: WorktreePlace): Promise<void> {
  const { folder, git, fs } = place;
  const admin = findWorktree(place);
  if (admin !== undefined) await git(['worktree', 'remove', '--force', '--force', folder]);
  // Git refuses one that an agent has damaged.
  removeTree(fs, folder);
  if (admin !== undefined) removeTree(fs, admin);
}

/** The path without links, also of what does not exist. */
function canonicalPath(path: string, fs: FileSystem): string {
  try {
    return join(fs.realpath(dirname(path)), basename(path));
  } catch {
    return path;
  }
}
