import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether a folder is what a clone leaves and nothing else: all of it committed, nothing installed, nothing
 * built, nothing that git ignores.
 *
 * @param {string} root
 */
export function isFreshCheckout(root) {
  if (existsSync(join(root, 'node_modules'))) return false;
  try {
    const argv = ['status', '--porcelain', '--ignored'];
    return execFileSync('git', argv, { cwd: root, encoding: 'utf8' }) === '';
  } catch {
    return false;
  }
}
