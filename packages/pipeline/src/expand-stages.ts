import { closestName } from '@codex-orchestrator/core';

import type { StageConfig, StageSetReference } from './config-schema.js';
import { memberPath } from './json-text.js';
import type { ConfiguredPipeline, ConfiguredStageSet } from './configured-parts.js';
import type { PipelineCatalog } from './parse-config.js';
import type { Problem } from './problem.js';

/** A stage and where it was written. */
export interface LocatedStage {
  readonly stage: Exclude<StageConfig, StageSetReference>;
  /** Where the stage is defined: in the pipeline, or in the set. */
  readonly path: string;
  /** Where the pipeline includes the set that the stage comes from. */
  readonly includedAt: string | undefined;
  /** The stage's own needs and those of the reference to its set, each once. */
  readonly needs: readonly string[];
  /** Whether `needs` was written at all: an empty list says "waits for nothing". */
  readonly declaresNeeds: boolean;
}

export interface ExpandedStages {
  readonly stages: readonly LocatedStage[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Puts the stages of sets in the place of their references and checks what results. */
export function expandStages(
  catalog: PipelineCatalog,
  { definition, path }: ConfiguredPipeline,
): ExpandedStages {
  const parts = (definition?.stages ?? []).map((stage, index): ExpandedStages => {
    const at = memberPath(memberPath(path, 'stages'), index);
    if (stage.kind !== 'stage-set') return withStages([locate(stage, at)]);
    const set = findSet(catalog, stage.ref, memberPath(at, 'ref'));
    if ('code' in set) return { ...withStages([]), problems: [set] };
    return includeSet(set, at, stage.needs);
  });
  const stages = parts.flatMap((part) => part.stages);
  const problems = parts.flatMap((part) => part.problems);
  const empty = stages.length === 0 && problems.length === 0 ? [describeEmptiness(path)] : [];
  return {
    stages,
    problems: [...problems, ...empty, ...findDuplicates(stages)],
    warnings: parts.flatMap((part) => part.warnings),
  };
}

function withStages(stages: readonly LocatedStage[]): ExpandedStages {
  return { stages, problems: [], warnings: [] };
}

function locate(stage: LocatedStage['stage'], path: string): LocatedStage {
  return {
    stage,
    path,
    includedAt: undefined,
    needs: [...new Set(stage.needs)],
    declaresNeeds: stage.needs !== undefined,
  };
}

function findSet(
  catalog: PipelineCatalog,
  name: string,
  path: string,
): ConfiguredStageSet | Problem {
  const set = catalog.stageSets.get(name);
  if (set) return set;
  const meant = closestName(name, catalog.stageSets.keys());
  return {
    code: 'STAGE_SET_NOT_FOUND',
    path,
    message: `there is no stage set "${name}"`,
    fix: meant === undefined ? `add "${name}" to "stageSets"` : `did you mean "${meant}"?`,
  };
}

function includeSet(
  set: ConfiguredStageSet,
  includedAt: string,
  needs: readonly string[] | undefined,
): ExpandedStages {
  const stages = set.stages.flatMap((stage, index) => {
    if (stage.kind === 'stage-set') return [];
    const located = locate(stage, memberPath(set.path, index));
    return [
      {
        ...located,
        includedAt,
        needs: [...new Set([...located.needs, ...(needs ?? [])])],
        declaresNeeds: located.declaresNeeds || needs !== undefined,
      },
    ];
  });
  return { stages, problems: set.problems, warnings: set.warnings };
}

function describeEmptiness(path: string): Problem {
  return {
    code: 'PIPELINE_EMPTY',
    path: memberPath(path, 'stages'),
    message: 'the pipeline has no stages',
    fix: 'add a stage',
  };
}

function findDuplicates(stages: readonly LocatedStage[]): Problem[] {
  const firsts = new Map<string, LocatedStage>();
  return stages.flatMap((located) => {
    const { id } = located.stage;
    const first = firsts.get(id);
    if (!first) {
      firsts.set(id, located);
      return [];
    }
    return [
      {
        code: 'DUPLICATE_STAGE_ID' as const,
        path: located.includedAt ?? memberPath(located.path, 'id'),
        message: `stage id "${id}" is used twice: by ${describePlace(first)} and by ${describePlace(located)}`,
        fix: 'rename one of them',
      },
    ];
  });
}

function describePlace({ path, includedAt }: LocatedStage): string {
  return includedAt === undefined ? path : `${path} (included by ${includedAt})`;
}
