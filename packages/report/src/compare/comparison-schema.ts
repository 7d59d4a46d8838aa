import * as z from 'zod/mini';

import { comparisonSchemaId, comparisonVerdicts } from './comparison.js';
import type { Comparison } from './comparison.js';
import { amount, count, machineSchema, maybeText } from './sample-schema.js';

let built: z.ZodMiniType<Comparison> | undefined;

/** What `compare/v1` is. It is built on first use; members that are not known are dropped. */
export function comparisonSchema(): z.ZodMiniType<Comparison> {
  return (built ??= buildComparisonSchema());
}

function buildComparisonSchema(): z.ZodMiniType<Comparison> {
  const side = sideSchema();
  return z.object({
    schema: z.literal(comparisonSchemaId),
    ...verdict(),
    before: side,
    after: side,
    metrics: z.array(metricSchema()),
    rates: z.array(rateSchema()),
    stagesAdded: z.array(z.string()),
    stagesRemoved: z.array(z.string()),
    method: z.object({
      level: z.number(),
      seed: z.int(),
      resamples: count(),
      margin: amount(),
      minRuns: count(),
    }),
    notes: z.array(z.string()),
  });
}

function verdict() {
  return { verdict: z.enum(comparisonVerdicts), reason: z.string() };
}

function interval() {
  return z.nullable(z.object({ lower: z.number(), upper: z.number() }));
}

function sideSchema() {
  const runs = count();
  return z.object({
    label: maybeText(),
    runIds: z.array(z.string()),
    measured: count(),
    leftOut: z.array(z.object({ status: z.string(), runs })),
    repeated: z.array(z.string()),
    machines: z.array(z.object({ machine: z.nullable(machineSchema()), runs })),
    pipelines: z.array(z.object({ pipelineId: maybeText(), runs })),
    commits: z.array(z.object({ commit: maybeText(), runs })),
    toolVersions: z.array(z.object({ toolVersion: maybeText(), runs })),
    firstStartedAt: maybeText(),
    lastStartedAt: maybeText(),
  });
}

function metricSchema() {
  const values = z.object({ values: z.array(amount()), median: z.nullable(amount()) });
  return z.object({
    id: z.string(),
    name: z.string(),
    stage: maybeText(),
    unit: z.enum(['bytes', 'count', 'ms']),
    before: values,
    after: values,
    ratio: z.nullable(amount()),
    interval: interval(),
    test: z.nullable(z.enum(['bootstrap', 'exact'])),
    p: z.nullable(amount()),
    ...verdict(),
    smallestVisible: z.nullable(amount()),
  });
}

function rateSchema() {
  const rate = z.object({ hits: count(), runs: count() });
  return z.object({
    id: z.enum(['retries', 'success']),
    name: z.string(),
    before: rate,
    after: rate,
    difference: z.nullable(z.number()),
    interval: interval(),
    ...verdict(),
  });
}
