import { existsSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';

import { runCommand } from '@codex-orchestrator/exec';
import type { CommandResult } from '@codex-orchestrator/exec';

import { CliError } from '../errors.js';
import type { Workspace } from '../workspace.js';
import { linkModules } from './link-modules.js';

/** A tree beside the workspace's own, whose runs are recorded in the workspace all the same. */
export interface BaseTree extends AsyncDisposable {
  /** Its root, with the folders for runs and results of the workspace. */
  readonly workspace: Workspace;
  /** What to know about it, one sentence each. */
  readonly remarks: readonly string[];
}

export interface BaseTreeOptions {
  /** A folder, or whatever git takes for a commit. */
  readonly against: string;
  readonly workspace: Workspace;
  /** The folder of the call, which a folder is relative to. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Longer than any checkout that somebody would wait for. */
const gitTimeoutMs = 600_000;

/**
 * Opens the tree that another one is compared with: a folder as it is, or a git work tree of a commit in
 * a temp folder, which is gone once it is disposed of. A folder wins over a commit of the same name.
 *
 * @throws CliError `BASE_UNAVAILABLE`; the reason of the aborted signal
 */
export async function openBaseTree(options: BaseTreeOptions): Promise<BaseTree> {
  const folder = resolve(options.cwd, options.against);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) {
    const root = realpathSync(folder);
    if (root === realpathSync(options.workspace.root)) throw sameTree(options.against);
    return { ...viewOf(root, options), [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  return openWorkTree(options);
}

async function openWorkTree(options: BaseTreeOptions): Promise<BaseTree> {
  const { workspace } = options;
  const commit = (
    await git(['rev-parse', '--verify', '--end-of-options', `${options.against}^{commit}`], options)
  ).trim();
  const prefix = (await git(['rev-parse', '--show-prefix'], options)).trim();
  const temp = mkdtempSync(join(realpathSync(tmpdir()), 'codex-orchestrator-base-'));
  const tree = join(temp, 'tree');
  const remove = async (): Promise<void> => {
    // Also after a signal, so that it is not handed on; git then forgets a tree that is not there.
    const ended = { ...options, signal: new AbortController().signal };
    await git(['worktree', 'remove', '--force', '--force', tree], ended).catch(() => undefined);
    rmSync(temp, { recursive: true, force: true });
    await git(['worktree', 'prune'], ended).catch(() => undefined);
  };
  try {
    await git(['worktree', 'add', '--quiet', '--detach', tree, commit], options);
    const root = join(tree, prefix);
    const missing = linkModules({ from: workspace.root, to: root });
    const view = viewOf(root, options);
    const remarks = missing === undefined ? [] : [`\`${options.against}\`: ${missing}`];
    return { ...view, remarks: [...view.remarks, ...remarks], [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The same workspace at another root; without a configuration there, with the one from here. */
function viewOf(
  root: string,
  { against, workspace }: BaseTreeOptions,
): Pick<BaseTree, 'remarks' | 'workspace'> {
  const way = relative(workspace.root, workspace.configPath);
  const isOutside = way === '..' || way.startsWith(`..${sep}`);
  const own = resolve(root, isOutside ? workspace.configPath : way);
  if (existsSync(own)) return { workspace: { ...workspace, root, configPath: own }, remarks: [] };
  return {
    workspace: { ...workspace, root, isConfigNamed: true },
    remarks: [`\`${against}\` has no ${way}: its runs use that of this tree`],
  };
}

async function git(
  argv: readonly string[],
  { against, env, signal, workspace }: BaseTreeOptions,
): Promise<string> {
  const result = await runCommand(['git', '-C', workspace.root, ...argv], {
    env: withoutGit(env),
    signal,
    timeoutMs: gitTimeoutMs,
  });
  const { outcome, stdout } = result;
  if (outcome.kind === 'exited' && outcome.exitCode === 0) return stdout.text;
  if (outcome.kind === 'cancelled') throw outcome.reason;
  throw new CliError(
    'BASE_UNAVAILABLE',
    `Cannot make a work tree of \`${against}\`, which is no folder: ${whyNot(result)}`,
    {
      hint: 'Name a folder, or a commit that git has here; a shallow clone: git fetch --unshallow',
    },
  );
}

/** A hook of git that starts us says in its environment which repository is meant. */
function withoutGit(env: BaseTreeOptions['env']): BaseTreeOptions['env'] {
  const names = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX'];
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}

function whyNot({ outcome, stderr }: CommandResult): string {
  if (outcome.kind === 'spawn-failed') return outcome.message;
  const said = stderr.text.trim().split('\n').at(-1) ?? '';
  return said === '' ? `git ended as ${outcome.kind}` : said;
}

function sameTree(against: string): CliError {
  return new CliError(
    'BASE_UNAVAILABLE',
    `\`${against}\` is the tree of this workspace: it cannot be compared with itself`,
  );
}
