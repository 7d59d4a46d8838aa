import type { ProcessLiveness } from '@codex-orchestrator/core';
import { createRunId } from '@codex-orchestrator/core';
import { createRunLayout, openRunRecord } from '@codex-orchestrator/manifest';
import type { NewRunEvent, RunLayout } from '@codex-orchestrator/manifest';
import type { Rig } from '@codex-orchestrator/testing';

import type { Plan } from '../src/index.js';
import { resolveRunOptions } from '../src/run-settings.js';
import { describeStart } from '../src/run-start.js';
import { baseOptions, command, pipeline, planFirst } from './run-rig.js';

export const deadRunId = createRunId();

/** Three stages, of which the first has passed and the second hangs. */
export const deadPlan = planFirst([
  pipeline('p', command('a', 'echo a'), command('b', 'echo b'), command('c', 'echo c')),
]);

/** Says of every owner that it is dead: the records of these runs are this process's own. */
export const dead = { liveness: (): ProcessLiveness => 'dead' };

/** Leaves the record of a run as a crash in its second stage would. */
export async function leaveDeadRun(
  { root }: Rig,
  { plan = deadPlan, more = [] }: { plan?: Plan; more?: readonly NewRunEvent[] } = {},
): Promise<RunLayout> {
  const settings = resolveRunOptions(plan, { ...baseOptions(root), runId: deadRunId });
  const layout = createRunLayout(settings);
  const record = await openRunRecord(describeStart(plan, layout, settings));
  for (const event of [...deadEvents, ...more]) record.append(event);
  await record.close();
  return layout;
}

const logOf = (name: string): string => `.runs/task/cli/${deadRunId}/commands/${name}.log`;

const deadEvents: readonly NewRunEvent[] = [
  { type: 'stage.started', index: 1, id: 'a', log_path: logOf('01-a'), inputs_hash: null },
  {
    type: 'stage.finished',
    index: 1,
    id: 'a',
    status: 'succeeded',
    outcome: 'exited',
    exit_code: 0,
    signal: null,
    duration_ms: 1,
    summary: 'a',
    reason: null,
    log_path: null,
    log_bytes: null,
    log_omitted_bytes: null,
    error_file: null,
    child_run: null,
  },
  { type: 'stage.started', index: 2, id: 'b', log_path: logOf('02-b'), inputs_hash: null },
  {
    type: 'stage.spawned',
    index: 2,
    id: 'b',
    attempt: 1,
    pid: 2_000_000_000,
    process_group: 2_000_000_000,
    process_started_at: '1',
  },
];
