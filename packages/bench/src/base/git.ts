import { runProcess } from './run-process.js';
import type { Finished } from './run-process.js';

/** The environment of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Asks git in one repository; a refusal is an exit code, not an error. */
export type Git = (...args: readonly string[]) => Promise<Finished>;

/**
 * Git for the repository that a folder lies in. A hook or an alias that this process runs under does not
 * lead it elsewhere, and no hook of the repository is run.
 */
export function createGit(root: string, env: Variables): Git {
  const own = Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^GIT_(?:DIR|WORK_TREE|INDEX_FILE|PREFIX)$/.test(name)),
  );
  const settings = ['-c', 'core.hooksPath=/dev/null', '-c', 'advice.detachedHead=false'];
  const variables = { ...own, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
  return (...args) => runProcess('git', [...settings, ...args], { cwd: root, env: variables });
}

/** The first line of the answer; undefined where git refuses or says nothing. */
export async function askGit(git: Git, ...args: readonly string[]): Promise<string | undefined> {
  const { exitCode, stdout } = await git(...args);
  const [line] = stdout.split('\n');
  return exitCode === 0 && line !== undefined && line !== '' ? line : undefined;
}
