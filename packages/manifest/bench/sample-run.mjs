/**
 * A run as the guards of this package record one: nothing in it depends on the machine, the time or on
 * chance but the folder. Time stands still, so that no snapshot of the manifest falls due by itself.
 */
export const standingClock = {
  nowMs: () => Date.UTC(2026, 0, 5, 6, 0, 0),
  monotonicMs: () => 0,
  schedule: () => () => undefined,
};

/**
 * @param {Pick<import('@codex-orchestrator/bench').GuardContext, 'load' | 'folder'>} context
 * @param {number} [number] One digit, by which runs of a guard differ.
 */
export async function layoutOf({ load, folder }, number = 1) {
  const { parseRunId, parseTaskId } = await load('@codex-orchestrator/core');
  const { createRunLayout } = await load('@codex-orchestrator/manifest');
  const { runId } = parseRunId(`2026-01-05T06-00-00-000Z-c285a36${number}`).value;
  return createRunLayout({ root: folder, taskId: parseTaskId('bench'), runId });
}

export function startOf(layout, stages) {
  return {
    layout,
    pipelineId: 'bench',
    pipelineTitle: 'Bench',
    stages: Array.from({ length: stages }, (_, at) => plannedStage(at + 1)),
    tool: { name: 'bench', version: '1.0.0', node: 'v20.19.0', platform: 'linux' },
    owner: {
      pid: 4711,
      process_started_at: '1',
      boot_id: 'boot',
      host: 'host',
      namespace: null,
    },
  };
}

/** Two events a stage. */
export function runStages(record, stages) {
  for (let index = 1; index <= stages; index += 1) {
    record.append({ type: 'stage.started', index, id: idOf(index), log_path: logOf(index) });
    record.append(finished(index));
  }
}

export const end = { status: 'succeeded', status_detail: null, duration_ms: 5 };

function plannedStage(index) {
  const kind = 'command';
  const rest = { kind, command: 'true', needs: null, allow_failure: false };
  return { index, id: idOf(index), title: idOf(index), ...rest };
}

function finished(index) {
  return {
    type: 'stage.finished',
    index,
    id: idOf(index),
    status: 'succeeded',
    outcome: 'exited',
    exit_code: 0,
    signal: null,
    duration_ms: 5,
    summary: 'Command completed with code 0',
    reason: null,
    log_path: logOf(index),
    log_bytes: 0,
    log_omitted_bytes: 0,
    error_file: null,
    child_run: null,
  };
}

/** As long for each stage. */
function idOf(index) {
  return `stage-${String(index).padStart(5, '0')}`;
}

function logOf(index) {
  return `commands/${idOf(index)}.log`;
}
