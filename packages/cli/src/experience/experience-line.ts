import type { Experience, Selection } from '@codex-orchestrator/experience-store';

import { renderExperience } from './experience-store.js';

/** The line in which an experience goes in front of an agent, as it was chosen. */
export function experienceLine(record: Experience, { policy, explanations }: Selection): string {
  if (policy.policy !== 'competitive') return renderExperience(record);
  const place = explanations.find(({ id, chosen }) => chosen && id === record.id);
  return renderExperience(record, {
    competitive: place && { source: place.source, score: place.policyScore },
  });
}
