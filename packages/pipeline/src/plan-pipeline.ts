import { closestName, err, ok } from '@codex-orchestrator/core';
import type { Result } from '@codex-orchestrator/core';

import { expandStages } from './expand-stages.js';
import type { LocatedStage } from './expand-stages.js';
import { memberPath } from './json-text.js';
import type { PipelineConfig } from './config-schema.js';
import type { ConfiguredPipeline } from './configured-parts.js';
import type { PipelineCatalog } from './parse-config.js';
import { findNeedsProblems } from './needs.js';
import type { Plan, PlannedStage } from './plan.js';
import { planStage } from './plan-stage.js';
import { resolveTarget } from './plan-target.js';
import type { Problem } from './problem.js';
import { findRepeatedLoops, findStageProblems } from './stage-problems.js';

export interface PlanOptions {
  /** Stage to mark as the target: its id, `<pipeline>:<id>` or an alias. @default the pipeline's own choice */
  readonly target?: string;
  /** Subpipelines below one another. @default 16 */
  readonly maxDepth?: number;
  /** Stages of the plan and all its subpipelines. @default 10000 */
  readonly maxStages?: number;
}

/** A plan, and what is wrong with its config without standing in its way. */
export interface PlanReport {
  readonly plan: Plan;
  readonly warnings: readonly Problem[];
}

/**
 * Plans one pipeline of a catalog: sets expanded, subpipelines resolved, everything checked that can
 * be without running; without an id the catalog's default pipeline. Reads nothing and runs nothing. All problems are reported at once.
 */
export function planPipeline(
  catalog: PipelineCatalog,
  pipelineId?: string,
  options: PlanOptions = {},
): Result<PlanReport, readonly Problem[]> {
  const decisive = (problem: Problem): boolean =>
    pipelineId === undefined && problem.path === 'defaultPipeline';
  const refused = catalog.problems.filter(decisive);
  if (refused.length > 0) return err(refused);
  const planner = new Planner(catalog, options);
  const plan =
    pipelineId === undefined
      ? planner.plan(catalog.defaultPipeline, 'defaultPipeline')
      : planner.plan(pipelineId, '');
  if (!plan) return err(withoutRepeats(planner.problems));
  const target = resolveTarget(plan, options.target);
  if (!target.ok) return err([target.error]);
  const warnings = withoutRepeats([...catalog.problems, ...planner.warnings]);
  return ok({ plan: { ...plan, targetId: target.value }, warnings });
}

/** A set that is included twice is described once. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const byText = new Map(
    problems.map((problem) => [`${problem.path}: ${problem.message}`, problem]),
  );
  return [...byText.values()];
}

/** Walks the pipelines that one plan needs, each of them once. */
class Planner {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly #catalog: PipelineCatalog;
  readonly #maxDepth: number;
  readonly #maxStages: number;
  readonly #done = new Map<string, Plan | undefined>();
  readonly #open: string[] = [];

  constructor(catalog: PipelineCatalog, options: PlanOptions) {
    this.#catalog = catalog;
    this.#maxDepth = options.maxDepth ?? 16;
    this.#maxStages = options.maxStages ?? 10_000;
  }

  /** Undefined where the reasons are among `problems`. `askedAt` is where the id was written. */
  plan(id: string, askedAt: string): Plan | undefined {
    const known = this.#done.get(id);
    if (known || this.#done.has(id)) return known;
    if (!this.#mayDescend(id, askedAt)) return undefined;
    this.#open.push(id);
    const plan = this.#planNew(id, askedAt);
    this.#open.pop();
    this.#done.set(id, plan);
    return plan;
  }

  #mayDescend(id: string, askedAt: string): boolean {
    const start = this.#open.indexOf(id);
    if (start >= 0) {
      const cycle = [...this.#open.slice(start), id].map((name) => `"${name}"`).join(' → ');
      const message = `pipelines contain themselves: ${cycle}`;
      this.#report({ code: 'SUBPIPELINE_CYCLE', path: askedAt, message });
    } else if (this.#open.length > this.#maxDepth) {
      const message = `more than ${this.#maxDepth} subpipelines below one another`;
      this.#report({ code: 'SUBPIPELINE_TOO_DEEP', path: askedAt, message });
    } else return true;
    return false;
  }

  #planNew(id: string, askedAt: string): Plan | undefined {
    const configured = this.#find(id, askedAt);
    if (!configured) return undefined;
    this.warnings.push(...configured.warnings);
    const before = this.problems.length;
    this.problems.push(...configured.problems);
    const { definition } = configured;
    if (!definition || this.problems.length > before) return undefined;
    const expanded = expandStages(this.#catalog, configured);
    this.warnings.push(...expanded.warnings);
    this.#reportAll([
      ...expanded.problems,
      ...findNeedsProblems(expanded.stages),
      ...findRepeatedLoops(expanded.stages),
    ]);
    const stages = expanded.stages.map((located, index) => this.#planStage(located, index + 1));
    const [first, ...rest] = stages.filter((stage) => stage !== undefined);
    if (!first || stages.includes(undefined) || this.problems.length > before) return undefined;
    return this.#assemble(configured.path, definition, [first, ...rest], expanded.stages);
  }

  #find(id: string, askedAt: string): ConfiguredPipeline | undefined {
    const found = this.#catalog.pipelines.find((pipeline) => pipeline.id === id);
    if (found) return found;
    const ids = this.#catalog.pipelines.flatMap((pipeline) => pipeline.id ?? []);
    const meant = closestName(id, ids);
    const known = ids.map((name) => `"${name}"`).join(', ');
    const listing = known === '' ? 'the file has no pipelines' : `use one of ${known}`;
    this.#report({
      code: 'PIPELINE_NOT_FOUND',
      path: askedAt,
      message: `there is no pipeline "${id}"`,
      fix: meant === undefined ? listing : `did you mean "${meant}"?`,
    });
    return undefined;
  }

  #planStage(located: LocatedStage, index: number): PlannedStage | undefined {
    const { stage, path } = located;
    if (stage.kind === 'subpipeline') {
      const plan = this.plan(stage.pipeline, memberPath(path, 'pipeline'));
      return plan && planStage({ located, index, plan });
    }
    this.#reportAll(findStageProblems(located));
    return planStage({ located, index });
  }

  #assemble(
    path: string,
    config: PipelineConfig,
    stages: readonly [PlannedStage, ...PlannedStage[]],
    located: readonly LocatedStage[],
  ): Plan | undefined {
    const totalStages = stages.reduce(
      (sum, stage) => sum + 1 + (stage.kind === 'subpipeline' ? stage.plan.totalStages : 0),
      0,
    );
    if (totalStages > this.#maxStages) {
      const message = `${totalStages} stages with all subpipelines, more than ${this.#maxStages}`;
      this.#report({ code: 'PLAN_TOO_LARGE', path, message });
      return undefined;
    }
    const order = located.some(({ declaresNeeds }) => declaresNeeds) ? 'graph' : 'sequence';
    if (order === 'sequence' && config.maxParallel !== undefined) this.#warnOfNoEffect(path);
    return toPlan(config, { stages, order, totalStages, source: this.#catalog.source });
  }

  #warnOfNoEffect(path: string): void {
    this.warnings.push(
      this.#catalog.locate({
        code: 'NO_EFFECT',
        path: memberPath(path, 'maxParallel'),
        message: 'has no effect, because no stage declares `needs`',
      }),
    );
  }

  #report(problem: Problem): void {
    this.problems.push(this.#catalog.locate(problem));
  }

  #reportAll(problems: readonly Problem[]): void {
    for (const problem of problems) this.#report(problem);
  }
}

function toPlan(
  config: PipelineConfig,
  parts: Pick<Plan, 'order' | 'stages' | 'totalStages'> & Pick<Plan['pipeline'], 'source'>,
): Plan {
  const { source, ...rest } = parts;
  const plan = {
    ...rest,
    pipeline: {
      id: config.id,
      title: config.title ?? config.id,
      description: config.description,
      tags: config.tags ?? [],
      source,
      guardrailsRequired: config.guardrailsRequired,
      metadata: config.metadata ?? {},
    },
    maxParallel: config.maxParallel,
    deadlineMs: config.deadlineMs,
    targetId: '',
  };
  const target = resolveTarget(plan, undefined);
  return { ...plan, targetId: target.ok ? target.value : '' };
}
