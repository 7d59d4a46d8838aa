import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ensureReady } from './ensure-ready.mjs';
import { closingLine, collectTestResults } from './test-results.mjs';

// `npm test`: set up what is needed, run every project's tests, close with one line of counts.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/**
 * Nx begins first what something else waits for. The longest tests have a target of no work that waits for
 * them: begun last, they would run alone at the end, on one core.
 */
const targets = ['test', 'test-early'];

try {
  ensureReady(root);
  process.exitCode = runTests(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 70;
}

/** @param {string[]} args Passed on to Nx. */
function runTests(args) {
  const { status } = spawnSync(
    join(root, 'node_modules', '.bin', 'nx'),
    ['run-many', '-t', ...targets, ...args],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    },
  );
  const total = collectTestResults(root);
  for (const failure of total.failures) console.error(`failed: ${failure}`);
  const failed = total.failed + total.missing.length;
  console.log(closingLine({ ...total, failed }));
  return status === 0 && failed === 0 ? 0 : 1;
}
