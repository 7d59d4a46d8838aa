import { reviewSeverities } from '../gate/gate-ports.js';
import type { Review, ReviewFinding } from '../gate/gate-ports.js';
import type { GateResult } from '../gate/gate-result.js';
import { quoteLine } from './quote-data.js';
import type { ResolvedReviewSettings } from './review-settings.js';

export interface ReviewFacts {
  readonly review: Review;
  /** What is not as it was before the review; an empty path stands for the branch or its commit. */
  readonly changed: readonly string[];
}

export type ReviewJudgement = Pick<
  GateResult,
  'findings' | 'lines' | 'outcome' | 'passes' | 'warnings'
>;

/**
 * What a review came to. What nobody reviewed passes only where that is allowed; a reviewer that changed files
 * never lets anything pass. Pure.
 */
export function judgeReview(
  { review, changed }: ReviewFacts,
  { failOn, allowUnreviewed }: Pick<ResolvedReviewSettings, 'allowUnreviewed' | 'failOn'>,
): ReviewJudgement {
  const own = review.kind === 'reviewed' ? review.findings : [];
  const findings = [...changed.map(changedFile), ...own];
  const lines = findings.map(describeFinding);
  if (changed.length > 0) {
    const head = '❌ Review: the reviewer changed what it reviewed';
    return { outcome: 'failed', passes: false, findings, lines: [head, ...lines], warnings: [] };
  }
  if (review.kind === 'not-reviewed') {
    const head = `⚠️ Review: not reviewed (${quoteLine(review.reason, 600)})`;
    const passes = allowUnreviewed;
    return { outcome: 'not_reviewed', passes, findings, lines: [head], warnings: [] };
  }
  const least = reviewSeverities.indexOf(failOn);
  const failing = own.filter(({ severity }) => reviewSeverities.indexOf(severity) >= least).length;
  const passes = failing === 0;
  const count = `${own.length} ${own.length === 1 ? 'finding' : 'findings'}`;
  const said = `agent=${review.agent}, ${count}, ${failing} of ${failOn} or above`;
  const head = passes ? `✅ Review: OK (${said})` : `❌ Review: issues detected (${said})`;
  return {
    outcome: passes ? 'passed' : 'failed',
    passes,
    findings,
    lines: [head, ...lines],
    warnings: warningsOf(review, passes),
  };
}

function changedFile(path: string): ReviewFinding {
  const what = path === '' ? 'The branch or its commit' : quoteLine(path, 300);
  return {
    rule: 'review-changed-files',
    severity: 'high',
    file: path === '' ? null : path,
    line: null,
    message: `${what} changed while it was reviewed`,
    fix: 'Look at the change, undo it, and review again',
  };
}

function describeFinding({ severity, file, line, message, fix }: ReviewFinding): string {
  const place = file === null ? '' : `${quoteLine(file, 300)}${line === null ? '' : `:${line}`}: `;
  const todo = fix === null ? '' : ` (fix: ${quoteLine(fix, 300)})`;
  return ` - [${severity}] ${place}${quoteLine(message, 600)}${todo}`;
}

function warningsOf(review: Extract<Review, { kind: 'reviewed' }>, passes: boolean): string[] {
  const { verdict, omitted = 0 } = review;
  const warnings: string[] = [];
  if (passes && verdict === 'request_changes') {
    warnings.push('The reviewer asks for changes, but for none that is severe enough to fail.');
  }
  if (omitted > 0) warnings.push(`The reviewer had ${omitted} more findings, none more severe.`);
  return warnings;
}
