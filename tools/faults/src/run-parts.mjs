import { Report } from './report.mjs';

/**
 * @typedef {object} Context What every part is given.
 * @property {import('./command-line.mjs').CommandLine} commandLine
 * @property {ReadonlySet<string>} commands What the command line can do.
 * @property {boolean} quick A sample instead of everything.
 * @property {number} seed
 * @property {number} jobs How many cases run at once.
 * @property {(line: string) => void} print
 *
 * @typedef {object} Part
 * @property {string} id
 * @property {string} title
 * @property {(report: Report, context: Context) => Promise<void>} run
 */

/**
 * @param {readonly Part[]} parts
 * @param {Context} context
 * @returns {Promise<import('./report.mjs').CheckResult[]>}
 */
export async function runParts(parts, context) {
  const { print, quick, seed, jobs } = context;
  print(
    `faults, ${quick ? 'a sample' : 'everything'}: seed ${seed}, ${jobs} at a time, node ${process.version}`,
  );
  /** @type {import('./report.mjs').CheckResult[]} */
  const results = [];
  for (const { id, title, run } of parts) {
    print(`\n${title} (--only ${id})`);
    const report = new Report(id, print);
    await run(report, context);
    results.push(...report.results);
  }
  const total = (/** @type {'tried' | 'lost'} */ key) =>
    results.reduce((sum, result) => sum + result[key], 0);
  const skipped = results.filter((result) => result.skipped !== null).length;
  print(`\n${total('tried')} cases tried, ${total('lost')} lost, ${skipped} checks skipped`);
  return results;
}
