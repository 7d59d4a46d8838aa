import type { Selection } from '@codex-orchestrator/experience-store';

import type { ExperienceOptions } from './experience-options.js';

/** Among so many of the best of a domain a policy has its choice. */
export const candidateCount = 32;

/** The least reward that a policy asks for where nobody says; undefined for none. */
export function usualMinReward(
  policy: Selection['policy']['policy'],
  { minReward }: Pick<ExperienceOptions, 'minReward'>,
): number | undefined {
  return policy === 'competitive' ? minReward : undefined;
}
