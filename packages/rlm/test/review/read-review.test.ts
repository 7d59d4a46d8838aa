import { expect, test } from 'vitest';

import { readReview } from '../../src/review/read-review.js';
import { approval, block } from './review-rig.js';

const root = '/repo';

function review(...findings: readonly object[]): object {
  return { version: 1, verdict: 'request_changes', findings };
}

function read(message: string, echo?: string) {
  return readReview(message, { root, ...(echo !== undefined && { echo }) });
}

function findingsOf(...findings: readonly object[]) {
  const answer = read(block(review(...findings)));
  if (!answer.ok) throw new Error(answer.error);
  return answer.value.findings;
}

test('an empty list is a review, in a block or as the whole message', () => {
  const found = { ok: true, value: { verdict: 'approve', findings: [], omitted: 0 } };
  expect(read(block(approval))).toEqual(found);
  expect(read(JSON.stringify(approval))).toEqual(found);
});

test.each([
  ['no JSON', 'Looks good to me.', 'no block of JSON'],
  ['two reviews', block(approval) + block(approval), '2 reviews'],
  ['JSON that is cut', '```json\n{ "version": 1,\n```', 'cannot be parsed'],
  ['another version', block({ ...approval, version: 2 }), 'version'],
  ['no verdict', block({ version: 1, findings: [] }), 'verdict'],
  ['another verdict', block({ ...approval, verdict: 'lgtm' }), 'verdict'],
  ['no list', block({ ...approval, findings: {} }), 'findings'],
  ['an unknown severity', block(review({ severity: 'major', title: 'x' })), 'severity'],
  ['a finding without a title', block(review({ severity: 'low', title: ' ' })), 'title'],
  ['changes that nobody names', block(review()), 'names none'],
])('%s is no review', (_, message, reason) => {
  const answer = read(message);
  expect(answer).toMatchObject({ ok: false, error: expect.stringContaining(reason) as string });
});

test('other blocks of JSON beside the review do not matter', () => {
  expect(read(block({ scripts: {} }) + block(approval))).toMatchObject({ ok: true });
});

test('a block that was printed back is no answer, however it is indented', () => {
  const prompt = `Context:\n${JSON.stringify(approval, null, 4)}\n`;
  expect(read(block(approval), prompt)).toMatchObject({ ok: false });
  const own = { ...approval, findings: [{ severity: 'low', title: 'x' }] };
  expect(read(block(approval) + block(own), prompt)).toMatchObject({ ok: true });
});

test('what is left out of a finding is null, and texts are cut', () => {
  expect(findingsOf({ severity: 'low', title: ' x '.padEnd(5000, 'y') })).toEqual([
    {
      ...{ severity: 'low', file: null, line: null, message: '', fix: null },
      title: `x ${'y'.repeat(1997)}…`,
    },
  ]);
});

test.each([
  ['src/a.ts', 12, 'src/a.ts', 12],
  ['/repo/src/a.ts', '12-30', 'src/a.ts', 12],
  ['./src/a.ts:7', null, 'src/a.ts', 7],
  ['src/a.ts', -3, 'src/a.ts', null],
  ['src/a.ts', 'somewhere', 'src/a.ts', null],
  ['../elsewhere.ts', 3, null, null],
  ['/etc/passwd', 3, null, null],
  ['src/\u0007a.ts', 3, null, null],
  [null, 3, null, null],
])('the place %j with the line %j', (file, line, expectedFile, expectedLine) => {
  const [finding] = findingsOf({ severity: 'high', title: 'x', file, line });
  expect(finding).toMatchObject({ file: expectedFile, line: expectedLine });
});

test('of too many findings the most severe are kept, in their order', () => {
  const low = Array.from({ length: 60 }, (_, n) => ({ severity: 'low', title: `low ${n}` }));
  const answer = read(block(review(...low, { severity: 'critical', title: 'worst' })));
  if (!answer.ok) throw new Error(answer.error);
  const { findings, omitted } = answer.value;
  expect(omitted).toBe(11);
  expect(findings).toHaveLength(50);
  expect(findings.at(-1)).toMatchObject({ title: 'worst' });
});
