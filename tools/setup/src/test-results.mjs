import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Where each project's test target leaves its result. Nx restores it with a cached run. */
const RESULTS = join('.vitest', 'results.json');

/**
 * @typedef {object} TestTotal
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} missing Projects with tests and no result, which is a failure and never a zero.
 * @property {string[]} failures A line for each failure: file, test and the first line of what it said.
 */

/**
 * Adds up the results of all projects that have tests.
 *
 * @param {string} root Absolute path of the clone.
 * @returns {TestTotal}
 */
export function collectTestResults(root) {
  /** @type {TestTotal} */
  const total = { passed: 0, failed: 0, skipped: 0, missing: [], failures: [] };
  for (const project of projectsWithTests(root)) {
    const path = join(root, project, RESULTS);
    if (!existsSync(path)) {
      total.missing.push(project);
      total.failures.push(`${project}: left no result`);
      continue;
    }
    const result = JSON.parse(readFileSync(path, 'utf8'));
    total.passed += result.numPassedTests;
    total.failed += result.numFailedTests;
    total.skipped += result.numPendingTests + result.numTodoTests;
    if (result.success) continue;
    if (result.numFailedTests === 0) total.failed += 1;
    const failures = describeFailures(root, result.testResults);
    total.failures.push(
      ...(failures.length > 0 ? failures : [`${project}: failed outside of its tests`]),
    );
  }
  return total;
}

/**
 * @typedef {object} TestFile One file of a result, in the shape of the JSON reporters of Jest and Vitest.
 * @property {string} name Absolute path.
 * @property {string} status
 * @property {string} [message] Why the file itself failed.
 * @property {{ fullName: string, status: string, failureMessages: string[] }[]} assertionResults
 */

/**
 * @param {string} root
 * @param {TestFile[]} files
 * @returns {string[]}
 */
function describeFailures(root, files) {
  return files
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message = '', assertionResults }) => {
      const file = relative(root, name);
      const tests = assertionResults.filter(({ status }) => status === 'failed');
      if (tests.length === 0) return [`${file}: ${firstLine(message)}`];
      return tests.map(
        ({ fullName, failureMessages: [reason = ''] }) =>
          `${file} > ${fullName}: ${firstLine(reason)}`,
      );
    });
}

/** @param {string} text */
function firstLine(text) {
  return text.split('\n', 1)[0] ?? '';
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
