import { scoreOf } from '../record/record.js';
import { signatureOf, similarityOf } from '../record/similarity.js';
import { decayOf } from './decay.js';
import { compareScored, roundScore } from './entry.js';
import { NEUTRAL_USEFULNESS, usefulnessOf } from './usefulness.js';

import type { Signature } from '../record/similarity.js';
import type { Entry, Rules } from './entry.js';
import type { DiversePolicy } from './request.js';

/**
 * Maximal marginal relevance (Carbonell and Goldstein, "The use of MMR, diversity-based reranking for
 * reordering documents and producing summaries", SIGIR 1998): each slot goes to the highest
 *
 *     lambda * relevance - (1 - lambda) * (highest similarity to a chosen one)
 *
 * - relevance = 1 / (1 + e^-score) * 2 * usefulness * decay: the score of any writer becomes a number
 *   between 0 and 1, and a record of which nothing is known is taken at that.
 * - similarity is that of the texts' word shingles, 0 to 1. From `nearDuplicate` on a candidate is out.
 * - Ties: the higher score, the newer record, the lower id.
 */
export function diverseRules(policy: DiversePolicy, nowMs: number): Rules {
  const { minReward, lambda, halfLifeDays, decayFloor, nearDuplicate } = policy;
  let latest: Entry | undefined;

  return {
    enter(experience, position) {
      const rawScore = scoreOf(experience.reward);
      const usefulness = usefulnessOf(experience);
      const decay = decayOf(experience, { nowMs, halfLifeDays, floor: decayFloor });
      const worth = usefulness / NEUTRAL_USEFULNESS;
      const relevance = roundScore((1 / (1 + Math.exp(-rawScore))) * worth * decay);
      const reason = minReward !== null && rawScore < minReward ? 'below-minimum' : undefined;
      const factors = { relevance, usefulness, decay, policyScore: roundScore(lambda * relevance) };
      return { experience, position, rawScore, ...factors, reason, slot: undefined };
    },
    rescore(entry) {
      // One comparison a slot: what was chosen before the latest is in `similarity` already.
      if (latest === undefined) return;
      const similarity = similarityOf(signatureFor(entry), signatureFor(latest));
      if (entry.similarity === undefined || similarity > entry.similarity) {
        entry.similarity = similarity;
        entry.similarTo = latest.experience;
      }
      const relevance = entry.relevance ?? 0;
      entry.policyScore = roundScore(lambda * relevance - (1 - lambda) * entry.similarity);
    },
    compare: compareScored,
    refuse: ({ similarity = 0 }) => (similarity >= nearDuplicate ? 'near-duplicate' : undefined),
    picked(entry) {
      latest = entry;
    },
  };
}

function signatureFor(entry: Entry): Signature {
  return (entry.signature ??= signatureOf(entry.experience.summary32));
}
