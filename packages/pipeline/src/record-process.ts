import type { StartedCommand } from '@codex-orchestrator/exec';

import type { PlannedStage } from './plan.js';
import type { StageContext } from './stage-context.js';

/** Whoever finds this process killed knows by this which processes were the stage's. */
export function recordProcess(
  { index, id }: Pick<PlannedStage, 'id' | 'index'>,
  attempt: number,
  { pid, processGroup, startedAt }: StartedCommand,
  context: Pick<StageContext, 'append'>,
): void {
  context.append({
    type: 'stage.spawned',
    index,
    id,
    attempt,
    pid,
    process_group: processGroup,
    process_started_at: startedAt,
  });
}
