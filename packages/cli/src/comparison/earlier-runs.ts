import type { Manifest } from '@codex-orchestrator/manifest';
import type { RunSample } from '@codex-orchestrator/report';

import type { Workspace } from '../workspace.js';
import { readHistory } from './read-history.js';
import { SelectedSide } from './selected-side.js';

/** So many show a trend, and fit on a page. */
const mostRuns = 30;

/** The runs of the same task and pipeline that began before this one, as the history knows them. */
export async function readEarlierRuns(
  { pipeline_id: pipeline, run_id: runId, started_at: startedAt, task_id: taskId }: Manifest,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<readonly RunSample[]> {
  const untilMs = Date.parse(startedAt);
  const side = new SelectedSide({
    text: `pipeline=${pipeline}`,
    runs: [],
    tags: [],
    pipeline,
    ...(Number.isNaN(untilMs) ? {} : { untilMs }),
    // One more: the run itself can be among them.
    last: mostRuns + 1,
  });
  await readHistory([side], { taskId, workspace, signal });
  const earlier = side.runs.map(({ sample }) => sample).filter((sample) => sample.runId !== runId);
  return earlier.slice(-mostRuns);
}
