import { spawnSync } from 'node:child_process';

/**
 * Runs a set-up command with its output on stderr, so that the main job owns stdout.
 *
 * @param {string} what What is being done and why, for the reader.
 * @param {string} command Shell command.
 * @param {string} cwd Folder to run it in.
 * @throws {Error} When the command does not exit with 0.
 */
export function runStep(what, command, cwd) {
  say(`${what} (${command})`);
  const startedAt = performance.now();
  const { status, error } = spawnSync(command, { cwd, shell: true, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    throw new Error(
      `set-up: \`${command}\` failed ${error?.message ?? `with exit code ${status}`}`,
    );
  }
  say(`done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`set-up: ${line}\n`);
}
