import { parseRunId, parseTaskId } from '@codex-orchestrator/core';
import { createRunLayout, openRunRecord, readJournal } from '@codex-orchestrator/manifest';
import type { JsonObject, Manifest, NewRunEvent, RunEvent } from '@codex-orchestrator/manifest';

/** The facts with which a loop begins. */
export function startFacts(): JsonObject {
  return {
    settings: {
      goal: 'make the tests pass',
      agent: { name: 'codex', args: [] },
      validators: [{ name: 'unit', command: ['npm', 'test'], timeoutMs: 1000 }],
      roles: 'triad',
      isolation: 'worktree',
      limits: { maxIterations: 88, maxMinutes: 60, maxCostUsd: 5, maxTokens: 10_000 },
    },
  };
}

/** The facts of an iteration that did not pass, with members of the caller. */
export function iterationFacts(n: number, members: JsonObject = {}): JsonObject {
  return {
    n,
    startedAt: '2026-03-14T09:30:00.000Z',
    completedAt: '2026-03-14T09:30:02.000Z',
    durationMs: 2000,
    completed: true,
    summary: `try number ${n}`,
    turns: [
      {
        role: 'worker',
        outcome: 'completed',
        reason: null,
        durationMs: 1200,
        usage: { inputTokens: 900, cachedInputTokens: 100, outputTokens: 100, costUsd: 0.25 },
        toolCalls: 3,
        logPath: `iterations/${n}/agent-worker.log`,
      },
    ],
    validators: [
      { name: 'unit', outcome: 'failed', exitCode: 1, logPath: `validator-${n}.log`, tail: '' },
    ],
    diff: { files: 2, insertions: 14, deletions: 5, patchPath: `iterations/${n}/changes.patch` },
    tampered: [],
    strays: 0,
    ...members,
  };
}

export interface LoopRun {
  readonly manifest: Manifest;
  readonly events: readonly RunEvent[];
}

/** A run with one loop stage, written and read as runs are. Ends where `end` is given. */
export async function writeLoopRun(
  root: string,
  told: readonly (JsonObject | NewRunEvent)[],
  end?: Partial<Finished>,
): Promise<LoopRun> {
  const runId = parseRunId('2026-03-14T09-30-00-000Z-5f1c22ab');
  if (!runId.ok) throw new Error(runId.error);
  const layout = createRunLayout({ root, taskId: parseTaskId('demo'), runId: runId.value.runId });
  await using record = await openRunRecord({
    layout,
    pipelineId: 'mend',
    pipelineTitle: 'Mend',
    stages: [
      {
        index: 1,
        id: 'mend',
        title: 'Mend the tests',
        kind: 'rlm',
        command: null,
        needs: null,
        allow_failure: false,
      },
    ],
    tool: { name: 'codex-orchestrator', version: '0.1.0', node: 'v20.19.0', platform: 'linux' },
  });
  record.append({ type: 'stage.started', index: 1, id: 'mend', log_path: 'commands/01.log' });
  let n = 0;
  for (const fact of told) {
    record.append('type' in fact ? (fact as NewRunEvent) : iteration((n += 1), fact));
  }
  if (end) record.append({ ...finished, ...end });
  const { manifest } = record;
  return { manifest, events: (await readJournal(layout.journalPath)).events };
}

export function begun(facts: JsonObject = startFacts(), continues = false): NewRunEvent {
  return { type: 'loop.started', index: 1, id: 'mend', continues, facts };
}

function iteration(n: number, facts: JsonObject): NewRunEvent {
  return { type: 'loop.iteration', index: 1, id: 'mend', n, facts, artifacts: [] };
}

type Finished = Extract<NewRunEvent, { type: 'stage.finished' }>;

const finished: Finished = {
  type: 'stage.finished',
  index: 1,
  id: 'mend',
  status: 'failed',
  outcome: 'loop-ended',
  exit_code: 3,
  signal: null,
  duration_ms: 4000,
  summary: 'max_iterations after 2 iterations: The loop has used its 2 iterations.',
  reason: 'max_iterations',
  log_path: 'commands/01.log',
  log_bytes: 12,
  log_omitted_bytes: 0,
  error_file: null,
  child_run: null,
  loop: {
    verdict: 'max_iterations',
    agent: 'codex',
    iterations: 2,
    best_iteration: 2,
    input_tokens: 1800,
    cached_input_tokens: 200,
    output_tokens: 200,
    cost_usd: 0.5,
    tool_calls: 6,
    findings: 1,
    branch: 'rlm/x',
  },
};
