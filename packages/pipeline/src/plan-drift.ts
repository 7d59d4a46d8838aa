import type { Manifest } from '@codex-orchestrator/manifest';

import { definitionHash } from './definition-hash.js';
import type { Plan } from './plan.js';

/** What differs from the plan that a run was last started with, one sentence each. */
export function findDrift(
  manifest: Pick<Manifest, 'commands' | 'pipeline_id'>,
  plan: Plan,
): string[] {
  const { commands, pipeline_id } = manifest;
  const before = new Map(commands.map((stage) => [stage.id, stage]));
  const now = new Map(plan.stages.map((stage) => [stage.id, stage]));
  const changed = plan.stages.filter((stage) => {
    const hash = before.get(stage.id)?.definition_hash ?? null;
    // Records of earlier versions do not tell; that alone is no change.
    return hash !== null && hash !== definitionHash(stage);
  });
  return [
    ...(pipeline_id === plan.pipeline.id
      ? []
      : [`The run is of pipeline '${pipeline_id}', the plan of '${plan.pipeline.id}'.`]),
    ...plan.stages.filter(({ id }) => !before.has(id)).map(({ id }) => `Stage '${id}' was added.`),
    ...commands.filter(({ id }) => !now.has(id)).map(({ id }) => `Stage '${id}' was removed.`),
    ...changed.map(({ id }) => `Stage '${id}' was changed.`),
    ...describeOrder(manifest, plan),
  ];
}

function describeOrder({ commands }: Pick<Manifest, 'commands'>, plan: Plan): string[] {
  const wasGraph = commands.some(({ needs }) => needs !== null);
  if (wasGraph !== (plan.order === 'graph')) {
    return [
      wasGraph
        ? 'The stages no longer declare what they need.'
        : 'The stages declare what they need, and no longer run as written.',
    ];
  }
  const now = new Set(plan.stages.map(({ id }) => id));
  const before = commands.map(({ id }) => id).filter((id) => now.has(id));
  const known = new Set(before);
  const after = plan.stages.map(({ id }) => id).filter((id) => known.has(id));
  return before.every((id, at) => id === after[at]) ? [] : ['The stages are in another order.'];
}
