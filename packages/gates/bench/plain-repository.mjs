import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const noConfig = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
const environment = { PATH: process.env.PATH, ...noConfig };
const author = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com'];

/** 2026-01-02, noon. */
const now = { nowMs: () => Date.UTC(2026, 0, 2, 12), monotonicMs: () => performance.now() };

/**
 * A repository whose first commit, tagged `base`, holds some files, and whose working tree holds more.
 *
 * @param {string} root
 * @param {{ committed: Record<string, string>, uncommitted?: Record<string, string> }} files Text by path.
 */
export function makeRepository(root, { committed, uncommitted = {} }) {
  writeFiles(root, committed);
  git(root, 'init', '--quiet', '--initial-branch=main');
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--message=base');
  git(root, 'tag', 'base');
  writeFiles(root, uncommitted);
}

/**
 * Runs one gate on a repository, with a count of the git processes and of what goes through the file system.
 *
 * @param {import('@codex-orchestrator/bench').GuardContext} context
 * @param {string} gate
 * @param {{ root: string, settings?: object }} options
 */
export async function countGate({ load, countFiles }, gate, { root, settings = {} }) {
  const { createGit } = await load('@codex-orchestrator/exec');
  const { openGatePorts, runGate } = await load('@codex-orchestrator/gates');
  const { fs, counts } = countFiles();
  const signal = new AbortController().signal;
  const ask = createGit({ folder: root, environment, signal });
  let processes = 0;
  const countedGit = (argv, call) => {
    processes += 1;
    return ask(argv, call);
  };
  const ports = { root, fs, settings, environment, signal, clock: now, git: countedGit };
  const result = await runGate(gate, openGatePorts({ ...ports, options: { base: 'base' } }));
  return { result, counts: { ...counts(), processes } };
}

/** @param {Record<string, string>} files */
function writeFiles(root, files) {
  for (const [path, text] of Object.entries(files)) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

function git(root, ...argv) {
  execFileSync('git', [...author, ...argv], { cwd: root, env: environment, stdio: 'ignore' });
}
