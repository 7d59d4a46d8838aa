import type { Stats } from 'node:fs';

/**
 * Tells one file from every other that had or will have its name. The number of a file that is gone is
 * given to new ones, so the time of its birth belongs to it.
 */
export function fileIdentityOf({ dev, ino, birthtimeMs }: Stats): string {
  return `${dev}:${ino}:${birthtimeMs}`;
}
