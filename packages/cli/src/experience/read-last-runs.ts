import type { RunOutcome } from '@codex-orchestrator/experience-store';
import type { Manifest } from '@codex-orchestrator/manifest';
import { createMetricsLayout, readAggregates } from '@codex-orchestrator/metrics';

import type { Workspace } from '../workspace.js';

/**
 * How the last runs of the same pipeline ended, the oldest first, as the aggregates of the task know it;
 * none where there are no aggregates that can be read. They hold the last twenty runs of the task.
 */
export async function readLastRuns(
  { task_id: taskId, pipeline_id: pipelineId, run_id: runId }: Manifest,
  { runsDir, outDir }: Pick<Workspace, 'outDir' | 'runsDir'>,
): Promise<RunOutcome[]> {
  try {
    const { summary } = await readAggregates(createMetricsLayout({ taskId, runsDir, outDir }));
    const runs = summary?.last_runs ?? [];
    const same = runs.filter((run) => run.pipeline_id === pipelineId && run.run_id !== runId);
    return same.flatMap(({ status }) => outcomes.filter((outcome) => outcome === status));
  } catch {
    return [];
  }
}

const outcomes: readonly RunOutcome[] = [
  'succeeded',
  'failed',
  'cancelled',
  'interrupted',
  'timed_out',
];
