import * as z from 'zod/mini';

import { guardVerdicts, resultSchemaId } from './result.js';
import type { BenchResults } from './result.js';

/** The format `bench/v1`, strict: what is not known is not passed over. */
export function resultsSchema(): z.ZodMiniType<BenchResults> {
  const guard = z.string().check(z.minLength(1));
  return z.strictObject({
    schema: z.literal(resultSchemaId),
    part: z.enum(['exact', 'time']),
    project: z.string(),
    startedAt: z.iso.datetime(),
    durationMs: z.number().check(z.gte(0)),
    seed: z.int(),
    candidate: identitySchema(),
    base: z.nullable(identitySchema()),
    machine: machineSchema(),
    controls: z.array(
      z.strictObject({
        name: z.string(),
        guard,
        passed: z.boolean(),
        reason: z.string(),
        measures: z.array(measureSchema()),
      }),
    ),
    guards: z.array(
      z.strictObject({
        guard,
        kind: z.enum(['exact', 'growth', 'memory', 'time']),
        promise: z.string(),
        verdict: z.enum(guardVerdicts),
        reason: z.string(),
        measures: z.array(measureSchema()),
        samples: z.optional(z.array(sampleSchema())),
        sizes: z.optional(z.array(sizeSchema())),
        smallestVisible: z.optional(z.number()),
      }),
    ),
    notes: z.array(z.string()),
  });
}

function identitySchema() {
  return z.strictObject({
    commit: z.nullable(z.string()),
    dirty: z.boolean(),
    buildHash: z.nullable(z.string()),
  });
}

function machineSchema() {
  return z.strictObject({
    cpuModel: z.string(),
    cpus: z.number(),
    memoryMb: z.number(),
    os: z.string(),
    arch: z.string(),
    node: z.string(),
    v8: z.string(),
    load: z.tuple([z.number(), z.number()]),
    steal: z.nullable(z.number()),
  });
}

function measureSchema() {
  const bound = z.optional(z.number());
  return z.strictObject({
    name: z.string(),
    unit: z.string(),
    value: z.number(),
    lower: bound,
    upper: bound,
    base: bound,
    limit: bound,
  });
}

function sampleSchema() {
  return z.strictObject({
    process: z.int(),
    round: z.int(),
    calls: z.array(
      z.strictObject({
        side: z.enum(['base', 'candidate', 'null', 'slowed']),
        cpuMs: z.number(),
        wallMs: z.number(),
      }),
    ),
  });
}

function sizeSchema() {
  return z.strictObject({
    size: z.number(),
    costs: z.record(z.string(), z.number()),
    rounds: z.optional(z.record(z.string(), z.array(z.number()))),
  });
}
