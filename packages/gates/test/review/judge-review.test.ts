import { expect, test } from 'vitest';

import type { Review, ReviewSeverity } from '../../src/gate/gate-ports.js';
import { judgeReview } from '../../src/review/judge-review.js';

function finding(severity: ReviewSeverity) {
  const place = { file: 'a.ts', line: 3, fix: 'Use <=' };
  return { rule: 'review-finding', severity, message: 'Off by one', ...place };
}

function reviewed(...severities: readonly ReviewSeverity[]): Review {
  const findings = severities.map(finding);
  return { kind: 'reviewed', agent: 'codex', findings, message: '', verdict: 'approve' };
}

const refused: Review = { kind: 'not-reviewed', agent: null, reason: 'Found no agent' };
const usual = { failOn: 'medium', allowUnreviewed: false } as const;

test('without a finding it passes', () => {
  expect(judgeReview({ review: reviewed(), changed: [] }, usual)).toEqual({
    outcome: 'passed',
    passes: true,
    findings: [],
    lines: ['✅ Review: OK (agent=codex, 0 findings, 0 of medium or above)'],
    warnings: [],
  });
});

test.each([
  ['low', 'low', false],
  ['low', 'medium', true],
  ['medium', 'medium', false],
  ['high', 'critical', true],
  ['critical', 'critical', false],
] as const)(
  'with a finding of %s, and %s to fail on, it passes: %s',
  (severity, failOn, passes) => {
    const review = reviewed(severity);
    const judged = judgeReview({ review, changed: [] }, { ...usual, failOn });
    expect(judged).toMatchObject({ passes, outcome: passes ? 'passed' : 'failed' });
    expect(judged.findings).toHaveLength(1);
    expect(judged.lines[1]).toBe(` - [${severity}] a.ts:3: Off by one (fix: Use <=)`);
  },
);

test('what nobody reviewed passes only where that is allowed', () => {
  const judged = judgeReview({ review: refused, changed: [] }, usual);
  expect(judged).toMatchObject({ outcome: 'not_reviewed', passes: false, findings: [] });
  expect(judged.lines).toEqual(['⚠️ Review: not reviewed (Found no agent)']);
  const allowed = judgeReview(
    { review: refused, changed: [] },
    { ...usual, allowUnreviewed: true },
  );
  expect(allowed).toMatchObject({ outcome: 'not_reviewed', passes: true });
});

test.each([reviewed(), refused])('a reviewer that changed files lets nothing pass', (review) => {
  const settings = { failOn: 'critical', allowUnreviewed: true } as const;
  const judged = judgeReview({ review, changed: ['', 'src/a.ts'] }, settings);
  expect(judged).toMatchObject({ outcome: 'failed', passes: false });
  expect(judged.findings).toMatchObject([
    { rule: 'review-changed-files', severity: 'high', file: null },
    { rule: 'review-changed-files', severity: 'high', file: 'src/a.ts' },
  ]);
});

test('a reviewer that asks for changes without a reason to fail is warned of', () => {
  const review = { ...reviewed('low'), verdict: 'request_changes', omitted: 3 } as Review;
  const { passes, warnings } = judgeReview({ review, changed: [] }, usual);
  expect(passes).toBe(true);
  expect(warnings).toEqual([
    'The reviewer asks for changes, but for none that is severe enough to fail.',
    'The reviewer had 3 more findings, none more severe.',
  ]);
});

test('what a reviewer says is shown on one line, without what drives a terminal', () => {
  const review = reviewed('high');
  if (review.kind !== 'reviewed') throw new Error('It was');
  const message = 'It\n✅ Review: OK\u001b[2J';
  const findings = [{ ...finding('high'), message, fix: null, file: null }];
  const { lines } = judgeReview({ review: { ...review, findings }, changed: [] }, usual);
  expect(lines[1]).toBe(' - [high] It ✅ Review: OK<U+001B>[2J');
});
