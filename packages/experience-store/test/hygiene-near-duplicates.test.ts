import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { NEAR_SIMILARITY, nearPairs } from '../src/hygiene/near-duplicates.js';
import type { NearPair } from '../src/hygiene/near-duplicates.js';
import { signatureOf, similarityOf } from '../src/record/similarity.js';
import type { Signature } from '../src/record/similarity.js';

/** By comparing each with each that stays. */
function naivePairs(signatures: readonly Signature[]): NearPair[] {
  const staying: number[] = [];
  const pairs: NearPair[] = [];
  for (const [at, signature] of signatures.entries()) {
    const like = staying.find((each) => {
      const other = signatures[each];
      return other !== undefined && similarityOf(signature, other) >= NEAR_SIMILARITY;
    });
    if (like === undefined) staying.push(at);
    else pairs.push({ at, like });
  }
  return pairs;
}

test.each([1, 2, 3])('finds what comparing each with each finds (seed %i)', (seed) => {
  const random = createSeededRandom(seed);
  const word = (): string =>
    random.pick(['ga', 'hi', 'jo', 'ku', 'le', 'my', 'no', 'pa', 'qi', 'ro']);
  const texts: string[][] = [];
  for (let nth = 0; nth < 400; nth++) {
    const base =
      nth > 0 && random.next() < 0.6 ? [...random.pick([texts[0] ?? [], ...texts])] : undefined;
    const text = base ?? Array.from({ length: random.integer(1, 90) }, word);
    for (let edits = random.integer(0, 3); edits > 0; edits--) {
      text[random.integer(0, text.length - 1)] = word();
    }
    texts.push(text);
  }
  const signatures = texts.map((text) => signatureOf(text.join(' ')));
  const expected = naivePairs(signatures);
  expect(nearPairs(signatures)).toEqual({ pairs: expected, isLimited: false });
  expect(expected.length).toBeGreaterThan(50);
  expect(expected.length).toBeLessThan(350);
});

test('says so when too many texts resemble each other to compare them all', () => {
  const shared = Uint32Array.of(1, 2, 3, 4, 5, 6, 7);
  const signatures = Array.from({ length: 600 }, (_, nth) => ({
    shingles: Uint32Array.from([
      ...shared,
      ...[0, 1, 2, 3, 4, 5, 6].map((at) => 100 + nth * 7 + at),
    ]),
    negations: 0,
  }));
  expect(nearPairs(signatures)).toEqual({ pairs: [], isLimited: true });
});
