import { parseRunId, parseTaskId } from '@codex-orchestrator/core';
import type { RunId } from '@codex-orchestrator/core';
import { createRunLayout } from '../src/index.js';
import type {
  AttemptStart,
  NewRunEvent,
  PlannedStage,
  RunLayout,
  RunRecord,
  RunStart,
} from '../src/index.js';

export const sampleRunId = runIdOf('2026-01-06T06-53-37-814Z-c285a360');

export const sampleTool = {
  name: 'codex-orchestrator',
  version: '0.1.0',
  node: 'v20.19.0',
  platform: 'linux',
};

export function runIdOf(text: string): RunId {
  const parsed = parseRunId(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value.runId;
}

export function sampleLayout(root: string, runId = sampleRunId, task = 'demo'): RunLayout {
  return createRunLayout({ root, taskId: parseTaskId(task), runId });
}

export function plannedStage(index: number, change: Partial<PlannedStage> = {}): PlannedStage {
  return {
    index,
    id: `stage-${index}`,
    title: `Stage ${index}`,
    kind: 'command',
    command: 'true',
    needs: null,
    allow_failure: false,
    ...change,
  };
}

export function sampleStart(layout: RunLayout, stageCount = 2): RunStart {
  return {
    layout,
    pipelineId: 'checks',
    pipelineTitle: 'Checks',
    stages: Array.from({ length: stageCount }, (_, at) => plannedStage(at + 1)),
    tool: sampleTool,
  };
}

export function stageStarted(index: number): NewRunEvent {
  return { type: 'stage.started', index, id: `stage-${index}`, log_path: `commands/${index}.log` };
}

type Finished = Extract<NewRunEvent, { type: 'stage.finished' }>;

export function stageFinished(index: number, change: Partial<Finished> = {}): NewRunEvent {
  return {
    type: 'stage.finished',
    index,
    id: `stage-${index}`,
    status: 'succeeded',
    outcome: 'exited',
    exit_code: 0,
    signal: null,
    duration_ms: 5,
    summary: 'Command completed with code 0',
    reason: null,
    log_path: `commands/${index}.log`,
    log_bytes: 12,
    log_omitted_bytes: 0,
    error_file: null,
    child_run: null,
    ...change,
  };
}

export const succeeded = { status: 'succeeded', status_detail: null, duration_ms: 40 } as const;

/** A further attempt of a record that was opened again; every stage runs again. */
export function nextAttempt(
  { manifest }: RunRecord,
  change: Partial<AttemptStart> = {},
): AttemptStart {
  if (!manifest.owner) throw new Error('the record has no owner');
  return {
    attempt: manifest.attempt + 1,
    owner: manifest.owner,
    tool: sampleTool,
    actor: 'tester',
    reason: 'another try',
    detail: null,
    stages: manifest.commands.map(({ index, id }) => plannedStage(index, { id })),
    kept: [],
    reset: manifest.commands.map(({ id }) => ({ id, reason: 'failed' })),
    drift: [],
    moved: [],
    gap_ms: 1000,
    options: {},
    ...change,
  };
}
