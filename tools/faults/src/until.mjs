import { setTimeout as pause } from 'node:timers/promises';

const intervalMs = 5;
const patienceMs = 30_000;

/**
 * Waits for the outside world: asks often, with a bound that only a failure reaches.
 *
 * @template T
 * @param {string} what For the message of the failure.
 * @param {() => T | undefined | false | Promise<T | undefined | false>} ask
 * @param {number} [timeoutMs]
 * @returns {Promise<T>}
 * @throws {Error} When the bound is reached.
 */
export async function until(what, ask, timeoutMs = patienceMs) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`);
    await pause(intervalMs);
  }
}
