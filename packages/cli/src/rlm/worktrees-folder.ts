import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import type { FileSystem } from '@codex-orchestrator/core';

import { CliError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';

/**
 * The folder for the worktrees of isolated loops: in that for temporary files, of this user alone, and the
 * same each time, so that a loop that goes on finds its own. Not inside the repository, where tools that look
 * for tests in all folders would find those of a worktree.
 *
 * @throws CliError `WORKTREES_UNSAFE` where somebody else has a hand in it
 */
export function openWorktreesFolder(fs: FileSystem): string {
  const { uid } = userInfo();
  const path = join(tmpdir(), `codex-orchestrator-${uid < 0 ? 'worktrees' : uid}`);
  fs.mkdir(path, { recursive: true, mode: 0o700 });
  const stats = fs.lstat(path);
  const isOwn =
    stats.isDirectory() && (uid < 0 || (stats.uid === uid && (stats.mode & 0o022) === 0));
  if (isOwn) return path;
  const message = `The folder for worktrees belongs to somebody else, or others can write into it: \`${path}\``;
  throw new CliError('WORKTREES_UNSAFE', message, {
    hint: 'Remove it, or set TMPDIR to a folder of your own',
    exitCode: exitCodes.unavailable.code,
  });
}
