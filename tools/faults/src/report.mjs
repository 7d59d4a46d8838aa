import { performance } from 'node:perf_hooks';

/**
 * @typedef {object} Failure
 * @property {string} name Which case.
 * @property {string[]} problems What was wrong with it.
 *
 * @typedef {object} CheckResult
 * @property {string} part
 * @property {string} title What was tried.
 * @property {number} tried
 * @property {number} lost Cases in which anything was wrong.
 * @property {Failure[]} failures
 * @property {string | null} skipped Why nothing was tried.
 * @property {string[]} notes Figures, and what was seen without being wrong.
 * @property {number} durationMs
 */

/** What one part of the suite found, check by check; each is printed when it is done. */
export class Report {
  /** @type {CheckResult[]} */
  results = [];
  #part;
  #print;

  /**
   * @param {string} part
   * @param {(line: string) => void} print
   */
  constructor(part, print) {
    this.#part = part;
    this.#print = print;
  }

  /**
   * Runs one check: `work` tries cases and tells the tally how each went. What it throws is a failure
   * of the check and not the end of the suite.
   *
   * @param {string} title
   * @param {(tally: Tally) => Promise<void>} work
   */
  async check(title, work) {
    const tally = new Tally();
    const startedAt = performance.now();
    try {
      await work(tally);
      if (tally.tried === 0 && tally.skipped === null)
        tally.add('the check', ['nothing was tried']);
    } catch (error) {
      tally.add('the check itself', [error instanceof Error ? (error.stack ?? '') : String(error)]);
    }
    this.#close(title, tally, performance.now() - startedAt);
  }

  /**
   * @param {string} title
   * @param {string} reason
   */
  skip(title, reason) {
    const tally = new Tally();
    tally.skip(reason);
    this.#close(title, tally, 0);
  }

  /**
   * @param {string} title
   * @param {Tally} tally
   * @param {number} durationMs
   */
  #close(title, tally, durationMs) {
    const { tried, failures, skipped, notes } = tally;
    const result = {
      part: this.#part,
      title,
      tried,
      lost: failures.length,
      failures,
      skipped,
      notes,
    };
    this.results.push({ ...result, durationMs: Math.round(durationMs) });
    for (const line of renderResult(result, durationMs)) this.#print(line);
  }
}

/** The cases of one check. */
export class Tally {
  tried = 0;
  /** @type {Failure[]} */
  failures = [];
  /** @type {string | null} */
  skipped = null;
  /** @type {string[]} */
  notes = [];

  /**
   * @param {string} name Which case, so that it can be tried again.
   * @param {string[]} problems None when all was well.
   */
  add(name, problems) {
    this.tried += 1;
    if (problems.length > 0) this.failures.push({ name, problems });
  }

  /** @param {string} reason */
  skip(reason) {
    this.skipped = reason;
  }

  /** @param {string} text */
  note(text) {
    this.notes.push(text);
  }
}

const shownFailures = 5;
const shownProblems = 4;

/**
 * @param {Omit<CheckResult, 'durationMs'>} result
 * @param {number} durationMs
 * @returns {string[]}
 */
function renderResult({ title, tried, lost, failures, skipped, notes }, durationMs) {
  if (skipped !== null) return [`  skipped  ${title}: ${skipped}`];
  const verdict = lost === 0 ? 'held   ' : 'FAILED ';
  const seconds = (durationMs / 1000).toFixed(1);
  return [
    `  ${verdict}  ${title}: ${tried} tried, ${lost} lost (${seconds} s)`,
    ...notes.map((note) => `             ${note}`),
    ...failures
      .slice(0, shownFailures)
      .flatMap(({ name, problems }) => [
        `             ${name}`,
        ...problems.slice(0, shownProblems).map((problem) => `               - ${problem}`),
      ]),
    ...(lost > shownFailures ? [`             … and ${lost - shownFailures} more`] : []),
  ];
}
