import { closestName } from '@codex-orchestrator/core';

import type { LocatedStage } from './expand-stages.js';
import { memberPath } from './json-text.js';
import type { Problem } from './problem.js';

/** Finds needs that name no stage of the pipeline, and stages that wait for each other. */
export function findNeedsProblems(stages: readonly LocatedStage[]): Problem[] {
  const ids = new Set(stages.map(({ stage }) => stage.id));
  const unknown = stages.flatMap((located) =>
    located.needs
      .filter((need) => !ids.has(need))
      .map((need) => describeUnknown(located, need, ids)),
  );
  const cycle = findCycle(stages);
  return cycle ? [...unknown, cycle] : unknown;
}

function describeUnknown(
  { stage, path, includedAt }: LocatedStage,
  need: string,
  ids: ReadonlySet<string>,
): Problem {
  const meant = closestName(
    need,
    [...ids].filter((id) => id !== stage.id),
  );
  const isOwn = stage.needs?.includes(need) ?? false;
  return {
    code: 'UNKNOWN_NEED',
    path: memberPath(isOwn ? path : (includedAt ?? path), 'needs'),
    message: `stage "${stage.id}" needs "${need}", which the pipeline does not have`,
    ...(meant === undefined ? {} : { fix: `did you mean "${meant}"?` }),
  };
}

/**
 * Takes away, again and again, what waits for nothing that is left. What cannot be taken away is in
 * a cycle or waits for one; following its needs from any of it runs into the cycle.
 */
function findCycle(stages: readonly LocatedStage[]): Problem | undefined {
  const waiting = new Map(stages.map((located) => [located.stage.id, located]));
  const dependents = new Map<string, LocatedStage[]>();
  const open = new Map<LocatedStage, number>();
  for (const located of waiting.values()) {
    const needs = located.needs.filter((need) => waiting.has(need));
    open.set(located, needs.length);
    for (const need of needs) dependents.set(need, [...(dependents.get(need) ?? []), located]);
  }
  const free = [...waiting.values()].filter((located) => open.get(located) === 0);
  for (let located = free.pop(); located; located = free.pop()) {
    waiting.delete(located.stage.id);
    for (const dependent of dependents.get(located.stage.id) ?? []) {
      const left = (open.get(dependent) ?? 0) - 1;
      open.set(dependent, left);
      if (left === 0) free.push(dependent);
    }
  }
  const [start] = waiting.values();
  return start && describeCycle(start, waiting);
}

function describeCycle(start: LocatedStage, waiting: ReadonlyMap<string, LocatedStage>): Problem {
  const seen: LocatedStage[] = [];
  let current: LocatedStage | undefined = start;
  while (current && !seen.includes(current)) {
    seen.push(current);
    current = current.needs.map((need) => waiting.get(need)).find((located) => located);
  }
  const first = current ?? start;
  const cycle = [...seen.slice(seen.indexOf(first)), first];
  return {
    code: 'NEEDS_CYCLE',
    path: memberPath(first.path, 'needs'),
    message: `stages wait for each other: ${cycle.map(({ stage }) => `"${stage.id}"`).join(' → ')}`,
    fix: 'remove one of these needs',
  };
}
