import { scoreOf } from '../record/record.js';
import { compareNewest } from './entry.js';

import type { Rules } from './entry.js';
import type { TopPolicy } from './request.js';

/** The order of the store's own answers: score, then the newest, then as given. */
export function topRules({ minReward }: TopPolicy): Rules {
  return {
    enter(experience, position) {
      const rawScore = scoreOf(experience.reward);
      const reason = minReward !== null && rawScore < minReward ? 'below-minimum' : undefined;
      return { experience, position, rawScore, policyScore: rawScore, reason, slot: undefined };
    },
    rescore: () => undefined,
    compare: (a, b) => b.rawScore - a.rawScore || compareNewest(a, b) || a.position - b.position,
  };
}
