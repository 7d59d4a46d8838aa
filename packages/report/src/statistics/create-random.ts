import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

import { ReportError } from '../errors.js';

/**
 * A generator of numbers from 0 (included) to 1 (excluded). The same seed gives the same numbers on every
 * machine; neighbouring seeds give unrelated ones.
 *
 * @throws ReportError `INVALID_OPTION`: the seed is no integer that a number holds exactly.
 */
export function createRandom(seed: number): () => number {
  if (!Number.isSafeInteger(seed)) {
    throw new ReportError(
      'INVALID_OPTION',
      `Expected \`seed\` to be an integer, got ${String(seed)}`,
    );
  }
  const generator = xoroshiro128plus(scatter(seed));
  // The state begins with most bits of the seed twice: the first numbers would still show it.
  for (let drawn = 0; drawn < DISCARDED; drawn++) generator.next();
  return () => uniformFloat64(generator);
}

/** Spreads the difference between two seeds over all 32 bits. */
function scatter(seed: number): number {
  let mixed = (seed | 0) ^ Math.imul(Math.floor(seed / 2 ** 32) | 0, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

const DISCARDED = 32;
