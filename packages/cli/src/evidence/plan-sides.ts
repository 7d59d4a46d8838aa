import type { EvidenceRole } from '@codex-orchestrator/report';

import type { Io } from '../io.js';
import { loadPlan } from '../load-plan.js';
import type { Workspace } from '../workspace.js';
import type { BaseTree } from './base-tree.js';
import type { EvidencePhase } from './evidence-files.js';
import type { MeasuredSide } from './measure.js';

export interface SidesRequest {
  readonly phase: EvidencePhase;
  readonly workspace: Workspace;
  readonly base: BaseTree | undefined;
  /** How the base was named. */
  readonly against: string | undefined;
  /** Undefined means the configuration's own default. */
  readonly pipelineId: string | undefined;
  /** Tags of all runs, beside those that say what they are for. */
  readonly tags: readonly string[];
}

/**
 * What is run: before a change one tree, after it this tree, and the base in turns with it where there is
 * one. Both run the pipeline of the same name, each as its own tree has it.
 *
 * @throws CliError `CONFIG_NOT_FOUND`, `PIPELINE_NOT_FOUND`, `PLAN_REFUSED`
 */
export function planSides(
  { phase, workspace, base, against, pipelineId, tags }: SidesRequest,
  io: Pick<Io, 'env' | 'stderr'>,
): readonly MeasuredSide[] {
  const side = (role: EvidenceRole, tree: Workspace, wanted: string | undefined): MeasuredSide => ({
    role,
    ref: tree === workspace ? null : (against ?? null),
    workspace: tree,
    plan: loadPlan({ workspace: tree, pipelineId: wanted, target: undefined }, io).plan,
    tags: ['evidence', `evidence-${role}`, ...tags],
  });
  if (phase === 'baseline') return [side('base', base?.workspace ?? workspace, pipelineId)];
  const candidate = side('candidate', workspace, pipelineId);
  if (base === undefined) return [candidate];
  return [side('base', base.workspace, candidate.plan.pipeline.id), candidate];
}
