import type { Explanation, Selection } from './select-experiences.js';
import type { SelectionReason } from './entry.js';
import type { SelectionPolicy } from './request.js';
import type { ExperienceSourceKind } from './source.js';

/** A selection in a manifest lists as many candidates that were not chosen, and as many sources. */
const MAX_LISTED = 32;

/** `retrieval_policy` of a prompt pack in a manifest. */
export type RetrievalPolicy =
  | { readonly kind: 'top_score_v1'; readonly min_score: number | null }
  | {
      readonly kind: 'competitive_scoring_v1';
      readonly min_score: number;
      readonly score_weights: { readonly gt_score: number; readonly relative_rank: number };
      readonly anti_dominance_normalization: {
        readonly enabled: boolean;
        readonly strength: number;
        readonly source_grouping: 'provenance_fallback_v1';
      };
    }
  | {
      readonly kind: 'diverse_mmr_v1';
      readonly min_score: number | null;
      readonly lambda: number;
      readonly half_life_days: number;
      readonly decay_floor: number;
      readonly near_duplicate: number;
    };

export interface RetrievedExperience {
  readonly id: string;
  readonly source_key: string;
  readonly source_kind: ExperienceSourceKind;
  readonly raw_score: number;
  /** The score of the policy, whichever it was. */
  readonly competitive_score: number;
  readonly dominance_penalty: number;
}

export type ExclusionReason =
  | 'raw_score_below_min_score'
  | 'competitive_score_below_min_score'
  | 'outcompeted'
  | 'near_duplicate'
  | 'over_budget';

export interface RetrievalCandidate extends RetrievedExperience {
  readonly selected: boolean;
  readonly selected_slot: number | null;
  readonly exclusion_reason: ExclusionReason | null;
}

/** `retrieval_selection` of a prompt pack in a manifest. */
export interface RetrievalSelection {
  readonly candidate_count: number;
  readonly selected_count: number;
  readonly selected_ids: readonly string[];
  /** Sources with a candidate that was not chosen, sorted; at most 32. */
  readonly suppressed_source_keys: readonly string[];
  readonly selected: readonly RetrievedExperience[];
  /** The chosen ones, and the best 32 of the others. */
  readonly candidates: readonly RetrievalCandidate[];
}

/** What a selection went by, in the members of a manifest. */
export function describePolicy(policy: SelectionPolicy): RetrievalPolicy {
  switch (policy.policy) {
    case 'top':
      return { kind: 'top_score_v1', min_score: policy.minReward };
    case 'competitive':
      return {
        kind: 'competitive_scoring_v1',
        min_score: policy.minReward,
        score_weights: {
          gt_score: policy.weights.gtScore,
          relative_rank: policy.weights.relativeRank,
        },
        anti_dominance_normalization: {
          ...policy.antiDominance,
          source_grouping: 'provenance_fallback_v1',
        },
      };
    case 'diverse':
      return {
        kind: 'diverse_mmr_v1',
        min_score: policy.minReward,
        lambda: policy.lambda,
        half_life_days: policy.halfLifeDays,
        decay_floor: policy.decayFloor,
        near_duplicate: policy.nearDuplicate,
      };
  }
}

/**
 * What a selection came to, in the members of a manifest. However many candidates there were, it lists
 * the chosen ones and at most 32 others.
 */
export function describeSelection({ explanations }: Selection): RetrievalSelection {
  const chosen = explanations.filter((explanation) => explanation.chosen);
  const others = explanations.filter((explanation) => !explanation.chosen);
  const suppressed = new Set(others.map(({ source }) => source.key));
  return {
    candidate_count: explanations.length,
    selected_count: chosen.length,
    selected_ids: chosen.map(({ id }) => id),
    suppressed_source_keys: [...suppressed].sort().slice(0, MAX_LISTED),
    selected: chosen.map(retrieved),
    candidates: [...chosen, ...others.slice(0, MAX_LISTED)].map((explanation) => ({
      ...retrieved(explanation),
      selected: explanation.chosen,
      selected_slot: explanation.slot,
      exclusion_reason: exclusionOf(explanation.reason),
    })),
  };
}

function retrieved({
  id,
  source,
  rawScore,
  policyScore,
  penalty,
}: Explanation): RetrievedExperience {
  return {
    id,
    source_key: source.key,
    source_kind: source.kind,
    raw_score: rawScore,
    competitive_score: policyScore,
    dominance_penalty: penalty ?? 0,
  };
}

function exclusionOf(reason: SelectionReason): ExclusionReason | null {
  switch (reason) {
    case 'chosen':
      return null;
    case 'below-minimum':
      return 'raw_score_below_min_score';
    case 'penalised':
      return 'competitive_score_below_min_score';
    case 'near-duplicate':
      return 'near_duplicate';
    case 'over-budget':
      return 'over_budget';
    case 'outranked':
      return 'outcompeted';
  }
}
