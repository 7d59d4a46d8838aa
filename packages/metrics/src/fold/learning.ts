import { ExactSums } from './exact-sum.js';
import { expectArray, expectInteger } from './expect-encoded.js';
import type { EntryFacts } from './facts.js';
import type { Reducer } from './reducer.js';

/** Sums over the counted attempts. */
export interface Learning {
  readonly validated: number;
  readonly failed: number;
  readonly stalled: number;
  readonly manual: number;
  readonly reviewRejections: number;
  readonly meanReviewLatencyMs: number | null;
  readonly regressionsDetected: number;
  readonly patternsPromoted: number;
  readonly patternsDeprecated: number;
  readonly throughputCandidates: number;
  readonly alerts: number;
  readonly failedSnapshots: number;
  readonly stalledSnapshots: number;
}

export interface LearningState {
  readonly counts: Record<CountName, number>;
  readonly sums: ExactSums;
}

type CountName = (typeof COUNTS)[number];

const COUNTS = [
  'validated',
  'failed',
  'stalled',
  'manual',
  'reviewLatencies',
  'failedSnapshots',
  'stalledSnapshots',
] as const;

const REJECTIONS = 0;
const REVIEW_LATENCY = 1;
const REGRESSIONS = 2;
const PROMOTED = 3;
const DEPRECATED = 4;
const CANDIDATES = 5;
const ALERTS = 6;
const SUM_COUNT = 7;

/** What learning from runs has come to. */
export const learning: Reducer<LearningState, Learning> = {
  id: 'learning',
  version: 1,
  init: () => ({ counts: noCounts(), sums: new ExactSums(SUM_COUNT) }),
  add(state, facts) {
    count(state, facts, 1);
  },
  retract(state, facts) {
    count(state, facts, -1);
  },
  encode: ({ counts, sums }) => [
    ...COUNTS.map((name) => counts[name]),
    ...Array.from({ length: SUM_COUNT }, (_, slot) => sums.encode(slot)),
  ],
  decode(value) {
    const members = expectArray(value, COUNTS.length + SUM_COUNT);
    const counts = noCounts();
    for (const [at, name] of COUNTS.entries()) counts[name] = expectInteger(members[at]);
    const sums = new ExactSums(SUM_COUNT);
    for (const [slot, sum] of members.slice(COUNTS.length).entries()) sums.addEncoded(slot, sum);
    return { counts, sums };
  },
  finish({ counts, sums }) {
    const { reviewLatencies, ...shown } = counts;
    return {
      ...shown,
      reviewRejections: sums.read(REJECTIONS),
      meanReviewLatencyMs: reviewLatencies > 0 ? sums.read(REVIEW_LATENCY) / reviewLatencies : null,
      regressionsDetected: sums.read(REGRESSIONS),
      patternsPromoted: sums.read(PROMOTED),
      patternsDeprecated: sums.read(DEPRECATED),
      throughputCandidates: sums.read(CANDIDATES),
      alerts: sums.read(ALERTS),
    };
  },
  merge(state, later) {
    for (const name of COUNTS) state.counts[name] += later.counts[name];
    for (let slot = 0; slot < SUM_COUNT; slot += 1) state.sums.merge(slot, later.sums, slot);
  },
};

function count({ counts, sums }: LearningState, facts: EntryFacts, weight: 1 | -1): void {
  countValidation(counts, facts.learningValidationStatus, weight);
  if (facts.learningSnapshotStatus === 'snapshot_failed') counts.failedSnapshots += weight;
  if (facts.learningSnapshotStatus === 'stalled_snapshot') counts.stalledSnapshots += weight;
  if (facts.reviewLatencyMs !== null) {
    counts.reviewLatencies += weight;
    sums.add(REVIEW_LATENCY, weight * facts.reviewLatencyMs);
  }
  // Most entries have nothing to say here.
  if (facts.reviewRejections !== 0) sums.add(REJECTIONS, weight * facts.reviewRejections);
  if (facts.regressionsDetected !== 0) sums.add(REGRESSIONS, weight * facts.regressionsDetected);
  if (facts.patternsPromoted !== 0) sums.add(PROMOTED, weight * facts.patternsPromoted);
  if (facts.patternsDeprecated !== 0) sums.add(DEPRECATED, weight * facts.patternsDeprecated);
  if (facts.throughputCandidates !== 0) sums.add(CANDIDATES, weight * facts.throughputCandidates);
  if (facts.learningAlerts !== 0) sums.add(ALERTS, weight * facts.learningAlerts);
}

function countValidation(
  counts: LearningState['counts'],
  status: string | null,
  weight: 1 | -1,
): void {
  if (status === 'validated') counts.validated += weight;
  else if (status === 'snapshot_failed') counts.failed += weight;
  else if (status === 'stalled_snapshot') counts.stalled += weight;
  else if (status === 'needs_manual_scenario') counts.manual += weight;
}

function noCounts(): Record<CountName, number> {
  return {
    validated: 0,
    failed: 0,
    stalled: 0,
    manual: 0,
    reviewLatencies: 0,
    failedSnapshots: 0,
    stalledSnapshots: 0,
  };
}
