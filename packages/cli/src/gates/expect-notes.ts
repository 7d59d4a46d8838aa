import { readString } from '@codex-orchestrator/core';
import type { Plan } from '@codex-orchestrator/pipeline';

import { CliError } from '../errors.js';
import type { Io } from '../io.js';

/**
 * Refuses to begin a run that would only fail at its end: a review asks for notes, and comes after all else.
 * One that may fail is let be.
 *
 * @throws CliError `USAGE`
 */
export function expectNotes(plan: Plan, { env }: Pick<Io, 'env'>): void {
  if (readString(env, 'NOTES', undefined) !== undefined || !needsNotes(plan)) return;
  const { id } = plan.pipeline;
  throw new CliError('USAGE', `The pipeline '${id}' has a review, and NOTES is not set for it`, {
    hint: 'NOTES="Goal: … | Summary: … | Risks: … | Questions (optional): …"',
    details: { variable: 'NOTES' },
  });
}

function needsNotes({ stages }: Plan): boolean {
  return stages.some((stage) => {
    if (stage.kind === 'subpipeline') return !stage.optional && needsNotes(stage.plan);
    if (stage.kind !== 'gate' || stage.gate !== 'review' || stage.allowFailure) return false;
    return readString(stage.env, 'NOTES', undefined) === undefined;
  });
}
