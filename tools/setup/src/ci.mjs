import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { isFreshCheckout } from './fresh-checkout.mjs';
import { runChecks } from './run-checks.mjs';
import { closingLine, collectTestResults } from './test-results.mjs';

// `.ci/run`: the tests, then every other check, each counted once; never stops at the first failure.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** @typedef {import('./run-checks.mjs').Check} Check */

/** @type {Check} Alone: some tests look at the clock. It also builds what the other checks need. */
const tests = { name: 'tests', command: 'npm test' };

/** A checkout that nothing was done to yet is the clean clone that the last check would make otherwise. */
const isFresh = isFreshCheckout(root);

/** With room for what is short-lived, so that a tenth of the time is not spent on moving it. */
const eslint =
  'node --min-semi-space-size=128 --max-semi-space-size=256 node_modules/eslint/bin/eslint.js';

/**
 * Two rows side by side, each of about the same work. What is in one row keeps its order: packages are
 * packed after the type check has written the declarations, and no two checks write the same files.
 *
 * @type {readonly (readonly Check[])[]}
 */
const rows = [
  [{ name: 'lint', command: `npx nx show projects && ${eslint} . --ignore-pattern 'tools/**'` }],
  [
    { name: 'format', command: 'npm run --silent format:check' },
    { name: 'typecheck', command: 'npm run --silent typecheck' },
    { name: 'project references', command: 'npx nx sync:check' },
    { name: 'documents', command: 'npm run --silent docs:check' },
    { name: 'packages', command: 'node tools/setup/src/check-packages.mjs' },
    { name: 'lint of the tools', command: `${eslint} tools` },
    {
      name: 'clean install',
      command: `node tools/setup/src/check-clean-install.mjs${isFresh ? ' --in-place' : ''}`,
    },
  ],
];

const outcomes = [
  ...(await runChecks([[tests]], { root, live: true })),
  ...(await runChecks(rows, { root, live: false })),
];

const total = collectTestResults(root);
const failedChecks = outcomes.filter((outcome) => !outcome.passed);
const passed = total.passed + outcomes.length - failedChecks.length;
const failed = total.failed + total.missing.length + failedChecks.length;
if (failedChecks.length > 0) {
  console.log(`\nfailed: ${failedChecks.map(({ name }) => name).join(', ')}`);
}
// Named once more at the end, as whoever reads a long log reads its end.
for (const failure of total.failures) console.log(`failed: ${failure}`);
console.log(closingLine({ passed, failed, skipped: total.skipped }));
process.exitCode = failed === 0 ? 0 : 1;
