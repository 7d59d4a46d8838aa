import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';

import { pipelineOf } from './pipeline-of.js';

const machine = {
  id: 'aaaaaaaaaaaa',
  cpus: 2,
  cpu_model: 'Model',
  memory_mb: 8000,
  os: 'linux',
  arch: 'x64',
  node: 'v22.0.0',
};

export type Entry = Readonly<Record<string, unknown>>;

/** A line of a history, of a run whose record is gone; `minute` tells when it began. */
export function entryAt(minute: number, members: Entry = {}): Entry {
  const startedAt = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  const suffix = minute.toString(16).padStart(12, '0');
  return {
    run_id: `${startedAt.replaceAll(/[:.]/g, '-')}-${suffix}`,
    attempt: 1,
    task_id: 't',
    pipeline_id: 'p',
    status: 'succeeded',
    started_at: startedAt,
    duration_seconds: 10 + (minute % 7) / 100,
    stages: [
      {
        id: 'build',
        status: 'succeeded',
        duration_seconds: 8 + (minute % 5) / 100,
        attempts: 1,
      },
    ],
    recorded_at: startedAt,
    manifest_writes: 3,
    manifest_bytes: 9000,
    machine,
    commit: minute < 50 ? 'a'.repeat(40) : 'b'.repeat(40),
    tags: [minute < 50 ? 'old' : 'new'],
    journal_lines: 6,
    fsyncs: 7,
    ...members,
  };
}

/** Ten runs tagged `old` that took ten seconds, ten tagged `new` that took so many times as long. */
export function twoSides(factor: number): Entry[] {
  const minutes = Array.from({ length: 10 }, (_, index) => index);
  return [
    ...minutes.map((minute) => entryAt(minute)),
    ...minutes.map((minute) => slower(entryAt(50 + minute), factor)),
  ];
}

function slower(entry: Entry, factor: number): Entry {
  return { ...entry, duration_seconds: Number(entry['duration_seconds']) * factor };
}

/** A workspace whose task `t` has this history. */
export async function rigWithHistory(entries: readonly Entry[], task = 't'): Promise<Rig> {
  const rig = await createRig();
  await rig.write({
    'codex.orchestrator.json': pipelineOf({ id: 'build', command: 'exit 0' }),
    [`.runs/${task}/metrics.json`]: entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
  });
  return rig;
}
