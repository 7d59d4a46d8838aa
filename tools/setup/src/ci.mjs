import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { checkCleanInstall } from './check-clean-install.mjs';
import { checkPackages } from './check-packages.mjs';
import { closingLine, collectTestResults } from './test-results.mjs';

// `.ci/run`: the tests, then every other check, each counted once; never stops at the first failure.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** @type {[name: string, check: () => void][]} */
const checks = [
  ['tests', () => run('npm test')],
  ['lint', () => run('npm run --silent lint')],
  ['typecheck', () => run('npm run --silent typecheck')],
  ['format', () => run('npm run --silent format:check')],
  ['project references', () => run('npx nx sync:check')],
  ['documents', () => run('npm run --silent docs:check')],
  ['packages', () => checkPackages(root)],
  ['clean install', () => checkCleanInstall(root)],
];

const outcomes = checks.map(([name, check]) => {
  console.log(`\n── ${name}`);
  const startedAt = performance.now();
  const passed = succeeds(check);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`── ${name}: ${passed ? 'passed' : 'FAILED'} in ${seconds} s`);
  return { name, passed };
});

const tests = collectTestResults(root);
const failedChecks = outcomes.filter((outcome) => !outcome.passed);
const passed = tests.passed + outcomes.length - failedChecks.length;
const failed = tests.failed + tests.missing.length + failedChecks.length;
if (failedChecks.length > 0) {
  console.log(`\nfailed: ${failedChecks.map(({ name }) => name).join(', ')}`);
}
console.log(closingLine({ passed, failed, skipped: tests.skipped }));
process.exitCode = failed === 0 ? 0 : 1;

/** @param {() => void} check */
function succeeds(check) {
  try {
    check();
    return true;
  } catch (error) {
    console.log(error.message);
    return false;
  }
}

/** @param {string} command */
function run(command) {
  const { status } = spawnSync(command, {
    cwd: root,
    shell: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, CI: 'true', NX_DAEMON: 'false' },
  });
  if (status !== 0) throw new Error(`\`${command}\` exited with ${status}`);
}
