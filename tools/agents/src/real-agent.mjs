import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const installLimitMs = 120_000;
const startLimitMs = 30_000;
const lockPollMs = 250;
const staleLockMs = installLimitMs + 60_000;
const marker = 'complete';
const npmFlags = [
  ...['--ignore-scripts', '--include=optional', '--prefer-offline', '--no-audit', '--no-fund'],
  // Without a network it should say so soon.
  ...['--fetch-retries=1', '--fetch-retry-mintimeout=1000'],
];

/**
 * @typedef {object} PinnedAgent
 * @property {string} package
 * @property {string} version Exact: what is tried is the same on every machine.
 * @property {string} program Path below `node_modules`.
 */

/** @type {Readonly<Record<'codex' | 'claude', PinnedAgent>>} */
export const pinnedAgents = {
  codex: { package: '@openai/codex', version: '0.169.0', program: '.bin/codex' },
  claude: {
    package: '@anthropic-ai/claude-code',
    version: '2.1.197',
    // The binary itself: what the package starts is made by a script of its installation, which is not run.
    program: `@anthropic-ai/claude-code-${process.platform}-${process.arch}/claude`,
  },
};

/**
 * A real agent for tests: the one that `CODEX_ORCHESTRATOR_TEST_CODEX` (or `..._CLAUDE`) names, else the
 * pinned version, installed below `node_modules/.cache/agents` of this repository when it is not there
 * yet. Never throws: where it cannot be had, the reason says why, and `warn`
 * is told (default: on standard error).
 *
 * @param {'codex' | 'claude'} name
 * @param {{ environment?: NodeJS.ProcessEnv, cache?: string, npm?: string, warn?: (line: string) => void }} [options]
 * @returns {Promise<{ path: string } | { skipped: string }>} The path's folder can be put on PATH.
 */
export async function provideAgent(name, options = {}) {
  const { environment = process.env, cache = defaultCache(), npm = 'npm', warn = print } = options;
  const provided = await provide(name, environment, { cache, npm });
  if ('skipped' in provided) {
    warn(`Tests with the real ${name} are skipped: ${provided.skipped}`);
  }
  return provided;
}

/**
 * @param {'codex' | 'claude'} name
 * @param {NodeJS.ProcessEnv} environment
 * @param {{ cache: string, npm: string }} where
 * @returns {Promise<{ path: string } | { skipped: string }>}
 */
async function provide(name, environment, { cache, npm }) {
  if (environment.CODEX_ORCHESTRATOR_REAL_AGENTS === '0') {
    return { skipped: 'CODEX_ORCHESTRATOR_REAL_AGENTS is 0' };
  }
  const variable = `CODEX_ORCHESTRATOR_TEST_${name.toUpperCase()}`;
  const given = environment[variable];
  if (given !== undefined) {
    return existsSync(given) ? { path: given } : { skipped: `${variable} names no file` };
  }
  if (process.platform === 'win32') return { skipped: 'they are not run on Windows' };
  const agent = pinnedAgents[name];
  const folder = join(cache, `${name}-${agent.version}`);
  try {
    await withLock(`${folder}.lock`, () => install(agent, folder, npm));
    return { path: join(folder, 'node_modules', agent.program) };
  } catch (error) {
    return { skipped: describeFailure(agent, error) };
  }
}

/**
 * @param {PinnedAgent} agent
 * @param {string} folder
 * @param {string} npm
 */
async function install(agent, folder, npm) {
  if (existsSync(join(folder, marker))) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const wanted = `${agent.package}@${agent.version}`;
  await promisify(execFile)(npm, ['install', ...npmFlags, '--prefix', folder, wanted], {
    cwd: folder,
    timeout: installLimitMs,
    killSignal: 'SIGKILL',
    maxBuffer: 16 * 1024 * 1024,
  });
  const path = join(folder, 'node_modules', agent.program);
  if (!existsSync(path)) {
    throw new Error(`there is no binary for ${process.platform} ${process.arch}`);
  }
  // Proves that it runs here: a binary for another C library is there, too, but does not.
  await promisify(execFile)(path, ['--version'], {
    // Even for that, codex writes into its home.
    env: { ...process.env, HOME: folder },
    timeout: startLimitMs,
    killSignal: 'SIGKILL',
  });
  // Last: a folder without it is an installation that was broken off.
  writeFileSync(join(folder, marker), `${wanted}\n`);
}

/**
 * One process at a time installs; a lock that is older than any installation is of one that was killed.
 *
 * @param {string} lock
 * @param {() => Promise<void>} work
 */
async function withLock(lock, work) {
  mkdirSync(dirname(lock), { recursive: true });
  while (!tryMakeFolder(lock)) {
    if (ageOf(lock) > staleLockMs) rmSync(lock, { recursive: true, force: true });
    else await pause(lockPollMs);
  }
  try {
    await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** @param {string} path */
function tryMakeFolder(path) {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} path */
function ageOf(path) {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}

/**
 * @param {PinnedAgent} agent
 * @param {any} error
 */
function describeFailure(agent, error) {
  const said = String(error.stderr ?? '')
    .split('\n')
    .find((line) => /^npm error (?!code|errno|syscall)/.test(line));
  const reason = error.killed
    ? `it took longer than ${installLimitMs} ms`
    : (said ?? error.message);
  return `${agent.package} ${agent.version} could not be installed: ${reason}`;
}

/** @param {string} line */
function print(line) {
  process.stderr.write(`${line}\n`);
}

function defaultCache() {
  return fileURLToPath(new URL('../../../node_modules/.cache/agents', import.meta.url));
}
