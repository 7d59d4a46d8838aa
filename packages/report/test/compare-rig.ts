import type { MachineFingerprint, RunSample } from '../src/index.js';
import { createRandom } from '../src/statistics/index.js';

export const machine: MachineFingerprint = {
  id: '0123456789ab',
  cpuModel: 'Example 3000',
  cpus: 2,
  memoryMb: 8192,
  os: 'linux',
  arch: 'x64',
  node: '24.1.0',
};

let made = 0;

/** A run that succeeded, with an id of its own and a start later than that of all before it. */
export function sample(changes: Partial<RunSample> = {}): RunSample {
  made += 1;
  const startedAt = new Date(Date.UTC(2026, 0, 1) + made * 60_000).toISOString();
  const suffix = made.toString(16).padStart(8, '0');
  return {
    runId: `${startedAt.replace(/[:.]/g, '-')}-${suffix}`,
    taskId: 'demo',
    pipelineId: 'checks',
    attempt: 1,
    status: 'succeeded',
    startedAt,
    commit: null,
    tags: [],
    machine,
    toolVersion: '0.1.0',
    durationMs: 1000,
    durationKind: 'active',
    stages: [],
    manifestWrites: 5,
    manifestBytes: 20_480,
    journalLines: 12,
    fsyncs: 9,
    peakMemoryBytes: null,
    source: 'history',
    ...changes,
  };
}

/** So many runs whose durations scatter by a tenth around a middle. */
export function noisySamples(
  runs: number,
  durationMs: number,
  seed: number,
  changes: Partial<RunSample> = {},
): readonly RunSample[] {
  const random = createRandom(seed);
  return Array.from({ length: runs }, () =>
    sample({ durationMs: durationMs * (0.95 + 0.1 * random()), ...changes }),
  );
}
