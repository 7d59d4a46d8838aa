import { readFileSync } from 'node:fs';

import type { GatePorts, RunJudgement } from '../../src/gate/gate-ports.js';
import type { GateRig } from '../gate-rig.js';

/** Runs of a rig, and a judge that believes a record unless it says that somebody changed it. */
export interface RunsRig {
  readonly judgeRun: GatePorts['judgeRun'];
  /** Paths of the manifests that the judge was asked about, in order. */
  readonly judged: string[];
  /** Writes the record of a run and returns the path of its manifest, relative to the root. */
  record(task: string, run: string, fields?: RecordFields): Promise<string>;
}

export interface RecordFields {
  readonly status?: string;
  readonly task_id?: string;
  readonly is_tampered?: boolean;
  readonly started_at?: string;
  readonly duration_ms?: number | null;
}

/** The nth run id: later ones are newer. */
export function runId(number: number): string {
  return `2026-01-02T03-04-${String(number).padStart(2, '0')}-000Z-0000000${number % 10}`;
}

export function createRunsRig(rig: GateRig): RunsRig {
  const judged: string[] = [];
  return {
    judged,
    judgeRun: (manifestPath) => {
      judged.push(manifestPath.slice(rig.root.length + 1));
      return Promise.resolve(judge(manifestPath));
    },
    async record(task, run, fields = {}) {
      const path = `.runs/${task}/cli/${run}/manifest.json`;
      await rig.write(path, JSON.stringify({ task_id: task, run_id: run, ...fields }));
      return path;
    },
  };
}

function judge(manifestPath: string): RunJudgement {
  const record = JSON.parse(readFileSync(manifestPath, 'utf8')) as Record<string, string> &
    RecordFields;
  const run = {
    runId: record['run_id'] ?? '',
    taskId: record.task_id ?? '',
    pipelineId: 'diagnostics',
    status: record.status ?? 'succeeded',
    startedAt: record.started_at ?? '2026-01-02T03:04:05.000Z',
    completedAt: null,
    durationMs: record.duration_ms ?? null,
  };
  const isVerified = record.is_tampered !== true;
  return { isVerified, problem: isVerified ? null : 'line 3 was altered.', run };
}
