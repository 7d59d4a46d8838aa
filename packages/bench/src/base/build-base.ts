import { join } from 'node:path';

import { err, ok, withFileLock } from '@codex-orchestrator/core';
import type { Result } from '@codex-orchestrator/core';

import { BenchError } from '../errors.js';
import { isCached, keepNewest, readCachedWorkspace } from './build-cache.js';
import { buildWorktree } from './build-worktree.js';
import type { MissingBase } from './find-base.js';
import { createGit } from './git.js';
import type { Git, Variables } from './git.js';
import { isCovered, readLockfile, readLockfileOf } from './lockfile.js';
import { withWorktree } from './worktree.js';

export interface BuildBaseOptions {
  /** Folder of the workspace. */
  readonly root: string;
  /** Full id of the commit to build. */
  readonly commit: string;
  /** Folder name of the project whose packages are needed. */
  readonly project: string;
  /** @default `<root>/.nx/bench/builds` */
  readonly cacheDir?: string;
  readonly env: Variables;
  /** Hears what is going on, in words. */
  readonly onProgress: (line: string) => void;
}

/** A built commit, laid out as a workspace. */
export interface BuiltBase {
  /** Has `packages/<folder name>/dist`. Nobody may change it. */
  readonly root: string;
  /** Folder whose `node_modules` has what the packages depend on. */
  readonly externalsRoot: string;
  /** Whether the project exists there; without it, all of its guards are new. */
  readonly hasProject: boolean;
  /** Whether it was there already. */
  readonly cached: boolean;
}

/**
 * Builds the packages that a project needs as they were at a commit, beside the work in progress, or takes
 * them from the cache of earlier builds. Of several processes that want the same build, one makes it.
 */
export async function buildBase(
  options: BuildBaseOptions,
): Promise<Result<BuiltBase, MissingBase>> {
  const { root, commit, project, env, onProgress } = options;
  const cacheDir = options.cacheDir ?? join(root, '.nx', 'bench', 'builds');
  const git = createGit(root, env);
  const wanted = { git, root, commit, project, folder: join(cacheDir, commit) };
  const found = await lookUp(wanted);
  if (found !== undefined) return ok(found);
  return withFileLock(
    join(cacheDir, 'building.lock'),
    async () => {
      const made = await lookUp(wanted);
      if (made !== undefined) return ok(made);
      const built = await build(wanted, { env, onProgress });
      if (built.ok) await keepNewest(cacheDir, commit);
      return built;
    },
    { waitMs: longestBuildMs },
  );
}

const longestBuildMs = 15 * 60_000;

interface Wanted {
  readonly git: Git;
  readonly root: string;
  readonly commit: string;
  readonly project: string;
  /** Of the commit in the cache. */
  readonly folder: string;
}

async function lookUp({
  git,
  root,
  commit,
  project,
  folder,
}: Wanted): Promise<BuiltBase | undefined> {
  const workspace = await readCachedWorkspace(folder);
  if (workspace === undefined) return undefined;
  const needed = workspace.reach[project] ?? [];
  const complete = await Promise.all(needed.map((name) => isCached(folder, name)));
  if (complete.includes(false)) return undefined;
  if (workspace.externals === 'workspace') {
    const [base, installed] = await Promise.all([readLockfileOf(git, commit), readLockfile(root)]);
    if (!isCovered(base, installed)) return undefined;
  }
  const externalsRoot = workspace.externals === 'cache' ? folder : root;
  return { root: folder, externalsRoot, hasProject: needed.length > 0, cached: true };
}

async function build(
  wanted: Wanted,
  { env, onProgress }: Pick<BuildBaseOptions, 'env' | 'onProgress'>,
): Promise<Result<BuiltBase, MissingBase>> {
  const { git, commit, project } = wanted;
  onProgress(`building the base ${commit.slice(0, 12)} for ${project}`);
  try {
    const refused = await withWorktree(git, commit, (worktree) =>
      buildWorktree({ ...wanted, worktree, env, onProgress }),
    );
    if (refused !== undefined) return err(refused);
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    return err({ code: 'NOT_BUILT', message: error.message });
  }
  const built = await lookUp(wanted);
  if (built !== undefined) return ok({ ...built, cached: false });
  const message = `The base ${commit} was built, but its build cannot be read from "${wanted.folder}"`;
  return err({ code: 'NOT_BUILT', message });
}
