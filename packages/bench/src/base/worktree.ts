import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { BenchError } from '../errors.js';
import type { Git } from './git.js';
import { lastLines } from './run-process.js';

/**
 * Checks a commit out into a temporary folder, beside the work in progress, and takes it away again
 * whatever happens. What earlier processes were killed over is taken away first.
 *
 * @throws BenchError `BASE_UNUSABLE` where git refuses.
 */
export async function withWorktree<T>(
  git: Git,
  commit: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  await removeAbandoned(git);
  const holder = await realpath(await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`)));
  const folder = join(holder, 'base');
  try {
    const { exitCode, stderr } = await git(
      'worktree',
      'add',
      '--detach',
      '--quiet',
      folder,
      commit,
    );
    if (exitCode !== 0) {
      const message = `Cannot check out ${commit} to build it: ${lastLines(stderr, 2)}`;
      throw new BenchError('BASE_UNUSABLE', message, { path: folder });
    }
    return await use(folder);
  } finally {
    await remove(git, holder);
  }
}

const prefix = 'bench-base-';

async function remove(git: Git, holder: string): Promise<void> {
  await git('worktree', 'remove', '--force', '--force', join(holder, 'base'));
  await rm(holder, { recursive: true, force: true, maxRetries: 3 });
}

/** Only what is known to be ours: a worktree of somebody else whose disk is away is not touched. */
async function removeAbandoned(git: Git): Promise<void> {
  const { stdout } = await git('worktree', 'list', '--porcelain');
  for (const [, folder = ''] of stdout.matchAll(/^worktree (.+)$/gm)) {
    const holder = join(folder, '..');
    const owner = /^bench-base-(\d+)-/.exec(basename(holder))?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) await remove(git, holder);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
