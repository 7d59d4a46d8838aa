import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import {
  contentHashOf,
  normaliseText,
  signatureOf,
  similarityFrom,
  similarityOf,
} from '../src/record/similarity.js';

function alike(one: string, other: string): number {
  return similarityOf(signatureOf(one), signatureOf(other));
}

test.each([
  ['Stage "lint" FAILED after 1.5s.', 'stage lint failed after #'],
  ['failed after 3 minutes', 'failed after #'],
  ['took 1m30s', 'took #'],
  ['src/store.ts:12:5 - error TS2345', 'src store ts # error ts#'],
  ['run 550e8400-e29b-41d4-a716-446655440000 ended', 'run # ended'],
  ['commit deadbee1 and 0xFF00', 'commit # and #'],
  ['/tmp/rig-x9k2m4q8/out', 'tmp rig # out'],
  ['10.0.0.1:8080 refused', '# refused'],
  ['utf8 in node20', 'utf# in node#'],
  ['sha256sum', 'sha#sum'],
  ['decade deface', 'decade deface'],
  ['Ｆｕｌｌ ｗｉｄｔｈ ①', 'full width #'],
  ['Über Straße — naïve', 'über straße naïve'],
  ['テスト が 失敗', 'テスト が 失敗'],
  ['!!! ', '!!!'],
  ['', ''],
])('%j is compared as %j', (text, normal) => {
  expect(normaliseText(text)).toBe(normal);
});

test('a character of ASCII counts the same whether others are in the text or not', () => {
  const ascii = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code));
  expect(normaliseText(`${ascii} é`)).toBe(`${normaliseText(ascii)} é`);
});

test('the same lesson has one hash whatever numbers are in it, another domain has its own', () => {
  const hash = contentHashOf('d', 'Tests failed: 3 of 20 in 1.2s (src/a.ts:10)');
  expect(contentHashOf('d', 'tests failed, 14 of 377 in 900 ms: src/a.ts:7')).toBe(hash);
  expect(contentHashOf('e', 'Tests failed: 3 of 20 in 1.2s (src/a.ts:10)')).not.toBe(hash);
  expect(contentHashOf('d', 'Tests passed: 3 of 20 in 1.2s (src/a.ts:10)')).not.toBe(hash);
});

const WORDS =
  `stage build of pipeline diagnostics failed because module resolution found two copies of
one package so remove nested lock file before install and run again with clean cache to be sure now`.split(
    /\s+/,
  );

test('a text is like itself, and nothing like another', () => {
  const text = WORDS.join(' ');
  expect(alike(text, text)).toBe(1);
  expect(alike(text, 'commit messages say why')).toBe(0);
  expect(alike('', '')).toBe(1);
  expect(alike('one', 'two')).toBe(0);
});

test('of texts as long as a summary, one other word, wherever it is, makes another lesson', () => {
  for (let length = 1; length <= 32; length++) {
    for (let at = 0; at < length; at++) {
      const text = WORDS.slice(0, length);
      expect(alike(text.join(' '), text.with(at, 'other').join(' '))).toBeLessThan(0.85);
    }
  }
});

test.each([
  ['lint failed', 'test failed'],
  ['stage lint failed: run it first', 'stage test failed: run it first'],
  ['always run the tests', 'never run the tests'],
  ['retry on network errors', 'do not retry on network errors'],
  ['the build succeeded', 'the build failed'],
])('%j is not %j', (one, other) => {
  expect(alike(one, other)).toBeLessThan(0.85);
  expect(contentHashOf('d', one)).not.toBe(contentHashOf('d', other));
});

test('who says no says something else, in however many words', () => {
  const text = WORDS.join(' ');
  expect(alike(text, text.replace('failed', 'not failed'))).toBe(0);
  expect(alike(text, text.replace('failed', "didn't failed"))).toBe(0);
});

test('a word more in a long text is nearly the same', () => {
  const text = WORDS.join(' ');
  expect(alike(text, `${text} please`)).toBeGreaterThanOrEqual(0.85);
  expect(alike(text, text.replace('nested', 'nested old'))).toBeGreaterThanOrEqual(0.85);
});

test('the quick comparison says what the whole one says', () => {
  const random = createSeededRandom(3);
  for (let round = 0; round < 2000; round++) {
    const length = random.integer(0, 40);
    const one = Array.from({ length }, () => `w${'abc'[random.integer(0, 2)] ?? ''}x`);
    const other = one.map((word) => (random.next() < 0.05 ? 'changed' : word));
    const threshold = random.integer(1, 20) / 20;
    const signatures = [signatureOf(one.join(' ')), signatureOf(other.join(' '))] as const;
    const similarity = similarityOf(...signatures);
    expect(similarityFrom(threshold, ...signatures)).toBe(
      similarity >= threshold ? similarity : undefined,
    );
  }
});

test('of texts longer than a sketch holds, the similarity is estimated', () => {
  const words = Array.from({ length: 3000 }, (_, nth) => `w${'x'.repeat(nth % 40)}y${nth}`);
  const letters = words.map((word) =>
    word.replaceAll(/\d/g, (digit) => 'abcdefghij'[+digit] ?? ''),
  );
  const half = letters.slice(0, 1500);
  const estimate = alike(letters.join(' '), half.join(' '));
  expect(estimate).toBeGreaterThan(0.4);
  expect(estimate).toBeLessThan(0.6);
});
