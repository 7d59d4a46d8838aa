import * as z from 'zod/mini';

import type { MachineFingerprint, RunSample } from './run-sample.js';

/** A run as documents keep it. */
export function sampleSchema(): z.ZodMiniType<RunSample> {
  const known = z.nullable(amount());
  return z.object({
    runId: z.string(),
    taskId: maybeText(),
    pipelineId: maybeText(),
    attempt: count(),
    status: z.string(),
    startedAt: maybeText(),
    commit: maybeText(),
    tags: z.array(z.string()),
    machine: z.nullable(machineSchema()),
    toolVersion: maybeText(),
    durationMs: known,
    durationKind: z.nullable(z.enum(['active', 'elapsed'])),
    stages: z.array(
      z.object({ id: z.string(), status: z.string(), durationMs: known, attempts: amount() }),
    ),
    manifestWrites: known,
    manifestBytes: known,
    journalLines: known,
    fsyncs: known,
    peakMemoryBytes: known,
    source: z.enum(['history', 'manifest']),
  });
}

export function machineSchema(): z.ZodMiniType<MachineFingerprint> {
  return z.object({
    id: z.string(),
    cpuModel: z.string(),
    cpus: amount(),
    memoryMb: amount(),
    os: z.string(),
    arch: z.string(),
    node: z.string(),
  });
}

export function maybeText() {
  return z.nullable(z.string());
}

export function amount() {
  return z.number().check(z.minimum(0));
}

export function count() {
  return z.int().check(z.minimum(0));
}
