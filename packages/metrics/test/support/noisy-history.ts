import type { SeededRandom } from '@codex-orchestrator/testing';

import { randomEntries } from './random-entries.js';

/**
 * The bytes of a history as crashes, other programs and people leave it: repeats, later attempts, fields
 * of any type, and lines that are torn, glued, spaced, marked, empty or no JSON at all.
 */
export function noisyHistory(random: SeededRandom, seed: number, entries: number): Buffer {
  const lines = randomEntries(seed, entries).map((entry) => noisyLine(random, entry));
  const end = random.pick(['', '\n', '{"run_id":"torn', ' ']);
  return Buffer.from(lines.join('') + end);
}

function noisyLine(random: SeededRandom, entry: unknown): string {
  const line = JSON.stringify(entry);
  switch (random.integer(0, 24)) {
    case 0:
      return `${line}\r\n`;
    case 1:
      return `\ufeff${line}\n`;
    case 2:
      return `  ${line}\t \n`;
    case 3:
      return `${line}${line}\n`;
    case 4:
      return `${line.slice(0, random.integer(0, line.length))}\n`;
    case 5:
      return `${line.slice(0, random.integer(0, line.length))}${line}\n`;
    case 6:
      return '\n\r\n   \n';
    case 7:
      return 'not json\n';
    case 8:
      return `${JSON.stringify(entry, null, 1).replaceAll('\n', ' ')}\n`;
    default:
      return `${line}\n`;
  }
}
