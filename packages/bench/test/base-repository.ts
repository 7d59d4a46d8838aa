import { execFileSync } from 'node:child_process';

import type { Rig } from '@codex-orchestrator/testing';

/** The variables of this process, less what a hook, CI or a task runner above may have set. */
export function calmEnvironment(
  set: Readonly<Record<string, string>> = {},
): Record<string, string | undefined> {
  const foreign = /^(?:GIT_|NX_|CI$|VITEST)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(kept), ...set };
}

/** Runs git in a folder of the rig and gives what it says. */
export function git(rig: Rig, folder: string, ...args: readonly string[]): string {
  const person = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
  const env = { ...calmEnvironment(), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...person, ...args], {
    cwd: rig.path(folder),
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** Commits all files of a folder, as a repository whose branch is `main`; gives the id. */
export function commitAll(rig: Rig, folder: string, message: string): string {
  git(rig, folder, 'init', '--quiet', '--initial-branch=main');
  git(rig, folder, 'add', '--all');
  git(rig, folder, 'commit', '--quiet', '--allow-empty', '--message', message);
  return git(rig, folder, 'rev-parse', 'HEAD');
}
