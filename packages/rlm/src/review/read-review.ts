import { err, ok } from '@codex-orchestrator/core';
import type { Result } from '@codex-orchestrator/core';

import { jsonBlocks } from '../findings/json-blocks.js';
import { toRepositoryPath } from '../findings/repository-path.js';
import { describeIssues } from '../settings/describe-issues.js';
import { severities } from './review.js';
import type { ReviewedFinding, ReviewVerdict } from './review.js';
import { reviewBounds, reviewSchema } from './review-schema.js';
import type { WrittenFinding, WrittenReview } from './review-schema.js';

export interface ReadReview {
  readonly verdict: ReviewVerdict;
  readonly findings: readonly ReviewedFinding[];
  readonly omitted: number;
}

export interface ReadReviewOptions {
  /** What the message may have in it that nobody said: a block that stands there is no answer. */
  readonly echo?: string;
  /** The folder that absolute paths are made relative to. */
  readonly root: string;
}

/**
 * The one review in a message; the reason where there is none, or more than one of which nobody knows which
 * is meant. A list without findings is a review. Pure.
 */
export function readReview(
  message: string,
  { echo = '', root }: ReadReviewOptions,
): Result<ReadReview, string> {
  const asked = withoutBlanks(echo);
  const answers = jsonBlocks(message)
    .filter((block) => !asked.includes(withoutBlanks(block)))
    .map(parseReview);
  const [review, ...others] = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
  if (others.length > 0) return err(`it has ${others.length + 1} reviews in it`);
  if (review === undefined) {
    const [reason] = answers.flatMap((answer) => (answer.ok ? [] : [answer.error]));
    return err(reason ?? 'it has no block of JSON of its own');
  }
  const { verdict } = review;
  if (verdict === 'request_changes' && review.findings.length === 0) {
    return err('it asks for changes and names none');
  }
  return ok({ verdict, ...toFindings(review.findings, root) });
}

function parseReview(block: string): Result<WrittenReview, string> {
  let value: unknown;
  try {
    value = JSON.parse(block);
  } catch {
    return err('its JSON cannot be parsed');
  }
  const parsed = reviewSchema().safeParse(value);
  return parsed.success ? ok(parsed.data) : err(describeIssues(parsed.error.issues));
}

/** Where some have to go, those go that matter least. */
function toFindings(
  written: readonly WrittenFinding[],
  root: string,
): Pick<ReadReview, 'findings' | 'omitted'> {
  const worst = [...written].sort((one, other) => rank(other) - rank(one));
  const kept = new Set(worst.slice(0, reviewBounds.findings));
  return {
    findings: written.filter((item) => kept.has(item)).map((item) => toFinding(item, root)),
    omitted: written.length - kept.size,
  };
}

function rank({ severity }: WrittenFinding): number {
  return severities.indexOf(severity);
}

function toFinding(item: WrittenFinding, root: string): ReviewedFinding {
  const place = toRepositoryPath(item.file ?? '', root);
  const fix = shorten(item.fix ?? '');
  return {
    severity: item.severity,
    file: place.ok ? place.value.path : null,
    line: place.ok ? (toLine(item.line) ?? toLine(place.value.lines)) : null,
    title: shorten(item.title),
    message: shorten(item.message ?? ''),
    fix: fix === '' ? null : fix,
  };
}

/** Of a range its first line. */
function toLine(value: number | string | null | undefined): number | null {
  const text = /^\s*L?(\d{1,9})\b/i.exec(String(value ?? ''))?.[1];
  const line = Number(text ?? 0);
  return line >= 1 ? line : null;
}

function shorten(text: string): string {
  const trimmed = text.trim();
  const { textCharacters } = reviewBounds;
  if (trimmed.length <= textCharacters) return trimmed;
  return `${trimmed.slice(0, textCharacters - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Who quotes something may indent it. */
function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '');
}
