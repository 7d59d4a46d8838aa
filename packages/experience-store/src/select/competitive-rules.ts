import { compareScored, roundScore } from './entry.js';
import { sourceOf } from './source.js';

import type { Entry, Rules } from './entry.js';
import type { CompetitivePolicy } from './request.js';

/**
 * `competitive_scoring_v1`: the score is the weighted sum of both rewards, the competitive score is that
 * less `strength` for each earlier pick of the same source, both rounded to six decimals. The highest
 * competitive score wins a slot, then the higher score, the newer record, the lower id. Whoever is below
 * the least score does not take part, and it ends when nobody's competitive score reaches it.
 */
export function competitiveRules(policy: CompetitivePolicy): Rules {
  const { minReward, weights, antiDominance } = policy;
  const strength = antiDominance.enabled ? antiDominance.strength : 0;
  const picks = new Map<string, number>();
  const keys = new Map<Entry, string>();

  const keyOf = (entry: Entry): string => {
    const known = keys.get(entry);
    if (known !== undefined) return known;
    const { key } = sourceOf(entry.experience);
    keys.set(entry, key);
    return key;
  };

  return {
    enter(experience, position) {
      const { gtScore, relativeRank } = experience.reward;
      const rawScore = roundScore(gtScore * weights.gtScore + relativeRank * weights.relativeRank);
      const reason = rawScore < minReward ? 'below-minimum' : undefined;
      const scores = { rawScore, policyScore: rawScore, penalty: 0 };
      return { experience, position, ...scores, reason, slot: undefined };
    },
    rescore(entry) {
      entry.penalty = roundScore(strength * (picks.get(keyOf(entry)) ?? 0));
      entry.policyScore = roundScore(entry.rawScore - entry.penalty);
    },
    compare: compareScored,
    finish: (best) => (best.policyScore < minReward ? 'penalised' : undefined),
    picked(entry) {
      picks.set(keyOf(entry), (picks.get(keyOf(entry)) ?? 0) + 1);
    },
  };
}
