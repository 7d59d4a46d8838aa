import type { Interruption } from '../interruption.js';

/** What is known of a run that ended without its owner: `since …, in stage …, last event …`. */
export function interruptionWords({
  since,
  last_event: event,
  last_stage: stage,
}: Interruption): string {
  const parts = [
    `since ${since}`,
    ...(stage === null ? [] : [`in stage ${stage}`]),
    ...(event === null ? [] : [`last event ${event.type} at ${event.at}`]),
  ];
  return parts.join(', ');
}
