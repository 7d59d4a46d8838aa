import { quoteName } from '../render/quote-text.js';
import { competitiveRules } from './competitive-rules.js';
import { holdContest } from './contest.js';
import { diverseRules } from './diverse-rules.js';
import { policyOf } from './request.js';
import { sourceOf } from './source.js';
import { topRules } from './top-rules.js';

import type { Experience } from '../record/record.js';
import type { TextCost } from './budget.js';
import type { Entry, Rules, SelectionReason } from './entry.js';
import type { SelectionPolicy, SelectionRequest } from './request.js';
import type { ExperienceSource } from './source.js';

/** What became of one candidate. A factor that the policy does not know is null. */
export interface Explanation {
  readonly id: string;
  readonly chosen: boolean;
  /** From 1; null when it was not chosen. */
  readonly slot: number | null;
  readonly source: ExperienceSource;
  /** The sum of its rewards, weighted with `competitive`. */
  readonly rawScore: number;
  /** By which it competed last. */
  readonly policyScore: number;
  /** Taken off for earlier picks of its source. */
  readonly penalty: number | null;
  /** Score, usefulness and decay in one number. */
  readonly relevance: number | null;
  /** 0 to 1; 0.5 when nothing is certain. */
  readonly usefulness: number | null;
  /** What age left, 0 to 1. */
  readonly decay: number | null;
  /** To the most similar one that was chosen before, 0 to 1; null when there was none. */
  readonly similarity: number | null;
  /** The id of that one. */
  readonly similarTo: string | null;
  /** Stable, to branch on. */
  readonly reason: SelectionReason;
  /** The reason, for people. */
  readonly sentence: string;
}

export interface Selection {
  readonly policy: SelectionPolicy;
  /** In the order of their slots. */
  readonly chosen: readonly Experience[];
  /** One per candidate: the chosen ones in the order of their slots, then the others by rank. */
  readonly explanations: readonly Explanation[];
  /** What the lines of the chosen ones take. */
  readonly cost: TextCost;
}

/**
 * Chooses experiences for a prompt. Pure: the same candidates in the same order, the same request, the
 * same answer. `competitive` and `diverse` answer the same for any order of candidates with different
 * ids; `top` goes by the given order where score and time are the same. A candidate that the rest of the
 * budget is too small for is passed over, and smaller ones are still taken.
 *
 * @throws ExperienceError `INVALID_OPTION` when a member of the request is out of its range.
 */
export function selectExperiences(
  candidates: readonly Experience[],
  request: SelectionRequest,
): Selection {
  const policy = policyOf(request);
  const rules = rulesOf(policy, request.nowMs);
  const { chosen, ranking, cost } = holdContest(candidates, rules, request);
  return {
    policy,
    chosen: chosen.map(({ experience }) => experience),
    explanations: ranking.map(explain),
    cost,
  };
}

function rulesOf(policy: SelectionPolicy, nowMs: number): Rules {
  switch (policy.policy) {
    case 'top':
      return topRules(policy);
    case 'competitive':
      return competitiveRules(policy);
    case 'diverse':
      return diverseRules(policy, nowMs);
  }
}

function explain(entry: Entry): Explanation {
  const { experience, slot, reason = 'outranked' } = entry;
  return {
    id: experience.id,
    chosen: slot !== undefined,
    slot: slot ?? null,
    source: sourceOf(experience),
    rawScore: entry.rawScore,
    policyScore: entry.policyScore,
    penalty: entry.penalty ?? null,
    relevance: entry.relevance ?? null,
    usefulness: entry.usefulness ?? null,
    decay: entry.decay ?? null,
    similarity: entry.similarity ?? null,
    similarTo: entry.similarTo?.id ?? null,
    reason,
    sentence: sentenceOf(entry, reason),
  };
}

function sentenceOf(entry: Entry, reason: SelectionReason): string {
  switch (reason) {
    case 'chosen':
      return `Chosen for slot ${entry.slot ?? 0}.`;
    case 'below-minimum':
      return 'Its score is below the least one asked for.';
    case 'penalised':
      return `Its source was chosen before: less the penalty of ${entry.penalty ?? 0}, its score is below the least one asked for.`;
    case 'near-duplicate':
      return `It says what ${quoteName(entry.similarTo?.id ?? '')} says.`;
    case 'over-budget':
      return 'The rest of the budget is too small for its line.';
    case 'outranked':
      return 'Better ones took the slots.';
  }
}
