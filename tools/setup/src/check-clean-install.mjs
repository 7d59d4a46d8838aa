import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runCheck } from './run-check.mjs';

const ownRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

// `--in-place`: this folder was a fresh clone when the call that this is a part of began.
runCheck(() => {
  if (process.argv.includes('--in-place')) useAsNewcomer(ownRoot);
  else checkCleanInstall(ownRoot);
});

/**
 * Clones the committed state into an empty folder and uses it there.
 *
 * @param {string} root Absolute path of the clone that is checked.
 * @throws {Error} When a step fails or the answer is not the expected one.
 */
function checkCleanInstall(root) {
  const folder = mkdtempSync(join(tmpdir(), 'clean-'));
  const clone = join(folder, 'clone');
  try {
    run('git', ['clone', '--quiet', root, clone], folder);
    useAsNewcomer(clone);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Uses a clone as a newcomer would: `npm start` sets itself up and answers, then `npx codex-orchestrator`
 * works. A step that only a prepared machine has done fails here.
 *
 * @param {string} clone
 */
function useAsNewcomer(clone) {
  const plan = JSON.parse(
    run('npm', ['start', '--silent', '--', 'plan', 'diagnostics', '--format', 'json'], clone),
  );
  if (plan.pipeline.id !== 'diagnostics') throw new Error('the plan is of another pipeline');
  const version = run('npx', ['--no-install', 'codex-orchestrator', '--version'], clone).trim();
  console.log(
    `codex-orchestrator ${version} plans ${plan.stages.length} stages from a clean clone`,
  );
  const changes = run('git', ['status', '--porcelain'], clone);
  if (changes !== '') throw new Error(`set-up changed tracked or unignored files:\n${changes}`);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @returns {string} What it printed on stdout.
 */
function run(command, args, cwd) {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    // The outer Nx run must not lend its cache or its task context to the clone.
    env: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !name.startsWith('NX_')),
    ),
  });
}
