import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { err, ok } from '@codex-orchestrator/core';
import type { Result } from '@codex-orchestrator/core';

import { codeOf } from '../errors.js';
import { askGit, createGit } from './git.js';
import type { Git, Variables } from './git.js';

export interface FindBaseOptions {
  /** Folder of the workspace. */
  readonly root: string;
  /**
   * What to compare with.
   *
   * @default the variable NX_BASE, else the branch that `nx.json` names as `defaultBase`, as the remote
   * `origin` has it or else as it is here
   */
  readonly ref?: string | undefined;
  readonly env: Variables;
}

export interface BaseCommit {
  /** Full id of the last commit that HEAD and the reference have in common. */
  readonly commit: string;
  /** What it was found by. */
  readonly ref: string;
  /** Full id of HEAD. */
  readonly head: string;
}

export type MissingBaseCode =
  | 'NO_GIT'
  | 'NO_REPOSITORY'
  | 'NO_COMMITS'
  | 'UNKNOWN_REF'
  | 'SHALLOW_CLONE'
  | 'NO_COMMON_HISTORY'
  | 'NOT_INSTALLED'
  | 'NOT_BUILT';

/** Why there is nothing to compare with. */
export interface MissingBase {
  readonly code: MissingBaseCode;
  /** Says what to do about it, where something can be done. */
  readonly message: string;
}

/**
 * Finds the commit to compare with: where the work on HEAD left the branch it goes into, so that it is not
 * charged with, nor praised for, what others did there since.
 */
export async function findBase(options: FindBaseOptions): Promise<Result<BaseCommit, MissingBase>> {
  const git = createGit(options.root, options.env);
  const head = await findHead(git, options.root);
  if (!head.ok) return head;
  const ref = await chooseRef(git, options);
  const target = ref.startsWith('-') ? undefined : await commitOf(git, ref);
  if (target === undefined) return err(await unknownRef(git, ref));
  const commit = await askGit(git, 'merge-base', head.value, target);
  if (commit === undefined) return err(await noCommonHistory(git, ref));
  return ok({ commit, ref, head: head.value });
}

async function findHead(git: Git, root: string): Promise<Result<string, MissingBase>> {
  try {
    const inside = await git('rev-parse', '--git-dir');
    if (inside.exitCode !== 0) {
      return missing('NO_REPOSITORY', `There is no git repository at "${root}" to find a base in`);
    }
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return missing('NO_GIT', 'Cannot look for a base: there is no git on the PATH');
  }
  const head = await commitOf(git, 'HEAD');
  if (head !== undefined) return ok(head);
  return missing('NO_COMMITS', `The repository at "${root}" has no commits to compare with`);
}

async function chooseRef(git: Git, { root, ref, env }: FindBaseOptions): Promise<string> {
  if (ref !== undefined && ref !== '') return ref;
  const fromNx = env['NX_BASE'] ?? '';
  // For the first push of a branch, CI hands out a commit of zeros.
  if (fromNx !== '' && !/^0+$/.test(fromNx)) return fromNx;
  const branch = await defaultBranch(root);
  const remote = `origin/${branch}`;
  return (await commitOf(git, remote)) === undefined ? branch : remote;
}

async function defaultBranch(root: string): Promise<string> {
  try {
    const settings = JSON.parse(await readFile(join(root, 'nx.json'), 'utf8')) as {
      defaultBase?: unknown;
    };
    if (typeof settings.defaultBase === 'string') return settings.defaultBase;
  } catch {
    // Without settings, or with damaged ones, the usual name is as good a guess as any.
  }
  return 'main';
}

function commitOf(git: Git, ref: string): Promise<string | undefined> {
  return askGit(git, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`);
}

async function unknownRef(git: Git, ref: string): Promise<MissingBase> {
  if (await isShallow(git)) return shallow(ref);
  const advice = 'fetch it or name another one with --base';
  return {
    code: 'UNKNOWN_REF',
    message: `Git knows no commit "${ref}" to compare with: ${advice}`,
  };
}

async function noCommonHistory(git: Git, ref: string): Promise<MissingBase> {
  if (await isShallow(git)) return shallow(ref);
  const message = `HEAD and "${ref}" have no commit in common to compare with`;
  return { code: 'NO_COMMON_HISTORY', message };
}

function shallow(ref: string): MissingBase {
  const branch = ref.replace(/^origin\//, '');
  const message =
    `This clone is too shallow to hold the commit that HEAD and "${ref}" have in common: ` +
    `run \`git fetch --deepen=100 origin ${branch}\`, or check out with \`fetch-depth: 0\` in CI`;
  return { code: 'SHALLOW_CLONE', message };
}

async function isShallow(git: Git): Promise<boolean> {
  return (await askGit(git, 'rev-parse', '--is-shallow-repository')) === 'true';
}

function missing(code: MissingBaseCode, message: string): Result<never, MissingBase> {
  return err({ code, message });
}
