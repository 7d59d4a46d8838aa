import { spawn } from 'node:child_process';

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {string} command Shell command; it passes when it exits with 0.
 *
 * @typedef {object} Outcome
 * @property {string} name
 * @property {boolean} passed
 *
 * @typedef {object} Settings
 * @property {string} root Where the commands run.
 * @property {boolean} live Shows output as it comes, for one check at a time; otherwise each check is
 *   printed whole when it has ended, so that those side by side do not mix.
 * @property {(text: string) => void} [print]
 */

/**
 * Runs rows of checks side by side, the checks of a row one after the other. All are run, whatever fails.
 *
 * @param {readonly (readonly Check[])[]} rows
 * @param {Settings} settings
 * @returns {Promise<Outcome[]>} In the order of the rows.
 */
export async function runChecks(rows, settings) {
  const outcomes = await Promise.all(rows.map((row) => runRow(row, settings)));
  return outcomes.flat();
}

/**
 * @param {readonly Check[]} row
 * @param {Settings} settings
 */
async function runRow(row, settings) {
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const check of row) outcomes.push(await runOne(check, settings));
  return outcomes;
}

/**
 * @param {Check} check
 * @param {Settings} settings
 * @returns {Promise<Outcome>}
 */
async function runOne({ name, command }, { root, live, print = write }) {
  const title = `\n── ${name}\n`;
  if (live) print(title);
  const startedAt = performance.now();
  const { problem, output } = await runCommand(command, root, live);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const passed = problem === undefined;
  const verdict = `── ${name}: ${passed ? 'passed' : 'FAILED'} in ${seconds} s\n`;
  const reason = passed ? '' : `\`${command}\` ${problem}\n`;
  const lineEnd = output === '' || output.endsWith('\n') ? '' : '\n';
  print(`${live ? '' : `${title}${output}${lineEnd}`}${reason}${verdict}`);
  return { name, passed };
}

/**
 * @param {string} command
 * @param {string} cwd
 * @param {boolean} live
 * @returns {Promise<{ problem: string | undefined, output: string }>}
 */
function runCommand(command, cwd, live) {
  const child = spawn(command, {
    cwd,
    shell: true,
    stdio: live ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CI: 'true', NX_DAEMON: 'false' },
  });
  /** @type {Buffer[]} */
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => chunks.push(chunk));
  }
  return new Promise((resolve) => {
    const end = (/** @type {string | undefined} */ problem) => {
      resolve({ problem, output: Buffer.concat(chunks).toString('utf8') });
    };
    child.once('error', (error) => {
      end(error.message);
    });
    child.once('close', (status, signal) => {
      end(status === 0 ? undefined : `exited with ${status ?? signal}`);
    });
  });
}

/** @param {string} text */
function write(text) {
  process.stdout.write(text);
}
