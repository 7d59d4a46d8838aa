import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where each project's test target leaves its result. Nx restores it with a cached run. */
const RESULTS = join('.vitest', 'results.json');

/** @typedef {{ passed: number, failed: number, skipped: number, missing: string[] }} TestTotal */

/**
 * Adds up the results of all projects that have tests.
 *
 * @param {string} root Absolute path of the clone.
 * @returns {TestTotal} `missing` names
 *   projects with tests and no result, which is a failure and never a zero.
 */
export function collectTestResults(root) {
  /** @type {TestTotal} */
  const total = { passed: 0, failed: 0, skipped: 0, missing: [] };
  for (const project of projectsWithTests(root)) {
    const path = join(root, project, RESULTS);
    if (!existsSync(path)) {
      total.missing.push(project);
      continue;
    }
    const result = JSON.parse(readFileSync(path, 'utf8'));
    total.passed += result.numPassedTests;
    total.failed += result.numFailedTests;
    total.skipped += result.numPendingTests + result.numTodoTests;
    if (!result.success && result.numFailedTests === 0) total.failed += 1;
  }
  return total;
}

/**
 * @param {string} root
 * @returns {string[]}
 */
function projectsWithTests(root) {
  return ['packages', 'tools'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .map((name) => `${folder}/${name}`)
      .filter((project) => existsSync(join(root, project, 'vitest.config.ts'))),
  );
}

/**
 * @param {{ passed: number, failed: number, skipped?: number }} counts
 * @returns {string}
 */
export function closingLine({ passed, failed, skipped = 0 }) {
  const tail = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${passed} passed, ${failed} failed${tail}`;
}
