import { closestName, err, ok } from '@codex-orchestrator/core';
import type { Result } from '@codex-orchestrator/core';

import type { Plan, PlannedStage } from './plan.js';
import { planItemId } from './plan.js';
import type { Problem } from './problem.js';

/**
 * Finds the stage that a target means: an exact item id, else a stage id or alias in any case, with
 * or without a `<pipeline>:` before it. Without a target it is the stage flagged as default, else the
 * first that is runnable, else the first.
 */
export function resolveTarget(
  plan: Pick<Plan, 'pipeline' | 'stages'>,
  target: string | undefined,
): Result<string, Problem> {
  const { pipeline, stages } = plan;
  const found = target === undefined ? defaultTarget(stages) : findTarget(plan, target);
  if (found) return ok(planItemId(pipeline.id, found.id));
  const name = withoutPrefix(target ?? '');
  const meant = closestName(
    name,
    stages.flatMap(({ id, hints }) => [id, ...hints.aliases]),
  );
  const known = stages.map(({ id }) => `"${id}"`).join(', ');
  return err({
    code: 'UNKNOWN_TARGET',
    path: '',
    message: `pipeline "${pipeline.id}" has no stage "${target ?? ''}"`,
    fix: meant === undefined ? `use one of ${known}` : `did you mean "${meant}"?`,
  });
}

function defaultTarget(stages: Plan['stages']): PlannedStage {
  return (
    stages.find(({ hints }) => hints.defaultTarget) ??
    stages.find(({ hints }) => hints.runnable) ??
    stages[0]
  );
}

function findTarget(
  { pipeline, stages }: Pick<Plan, 'pipeline' | 'stages'>,
  target: string,
): PlannedStage | undefined {
  const names = [target.toLowerCase(), withoutPrefix(target).toLowerCase()];
  return (
    stages.find(({ id }) => planItemId(pipeline.id, id) === target) ??
    stages.find(({ id, hints }) =>
      [id, ...hints.aliases].some((candidate) => names.includes(candidate.toLowerCase())),
    )
  );
}

function withoutPrefix(target: string): string {
  return target.slice(target.lastIndexOf(':') + 1);
}
