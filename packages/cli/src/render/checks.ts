import type { Check } from '../doctor-checks.js';
import { printable } from './printable.js';

/** What `doctor` found: the verdict, then one line per check and what to do about it. */
export function renderChecks(status: string, checks: readonly Check[]): string[] {
  const width = Math.max(...checks.map(({ id }) => id.length));
  return [
    `Status: ${status}`,
    ...checks.flatMap(({ id, status: found, message, hint }) => [
      `  ${found.padEnd('warning'.length)}  ${id.padEnd(width)}  ${message}`,
      ...(hint === undefined ? [] : [`${' '.repeat(width + 13)}${hint}`]),
    ]),
  ].map(printable);
}
