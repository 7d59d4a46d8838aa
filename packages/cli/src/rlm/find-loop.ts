import type { Plan, PlannedLoop } from '@codex-orchestrator/pipeline';

/** The first agent loop of a plan, those of its subpipelines included. */
export function findLoop({ stages }: Plan): PlannedLoop | undefined {
  for (const stage of stages) {
    if (stage.kind === 'rlm') return stage;
    const nested = stage.kind === 'subpipeline' ? findLoop(stage.plan) : undefined;
    if (nested !== undefined) return nested;
  }
  return undefined;
}
