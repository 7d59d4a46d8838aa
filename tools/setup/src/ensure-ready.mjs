import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';

/**
 * Brings a clone to the point where everything runs: dependencies as the lock file says, built
 * packages as the sources say. What is up to date is left alone, so a second call costs milliseconds.
 *
 * @param {string} root Absolute path of the clone.
 */
export function ensureReady(root) {
  ensureInstalled(root);
  ensureBuilt(root);
}
