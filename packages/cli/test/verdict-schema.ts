import * as z from 'zod/mini';

/** The last line of `--format ndjson`, and but for `type` the answer of `--format json`. */
export function verdictSchema() {
  return z.union([runVerdictSchema(), errorVerdictSchema()]);
}

function runVerdictSchema() {
  const text = z.nullable(z.string());
  return z.strictObject({
    type: z.literal('verdict'),
    run_id: z.string(),
    status: z.enum(['succeeded', 'failed', 'cancelled', 'timed_out', 'interrupted']),
    artifact_root: z.string(),
    manifest: z.string(),
    log_path: z.string(),
    task_id: z.string(),
    pipeline_id: z.string(),
    status_detail: text,
    exit_code: exitCode(),
    duration_ms: z.nullable(z.number()),
    counts: countsSchema(),
    failed_stage: z.nullable(failedStageSchema()),
    root_cause: describe(text, 'The line of that stage that says best what went wrong.'),
    summary: text,
    loop: z.optional(loopSchema()),
    critical_path: z.optional(criticalPathSchema()),
    next: describe(z.array(z.string()), 'Commands that show more or go on, most useful first.'),
  });
}

function failedStageSchema() {
  const text = z.nullable(z.string());
  return z.strictObject({
    id: z.string(),
    title: z.string(),
    status: z.string(),
    outcome: text,
    exit_code: z.nullable(z.int()),
    signal: text,
    reason: text,
    duration_ms: z.nullable(z.number()),
    log_path: text,
    last_lines: describe(z.array(z.string()), 'Safe to print; the log has the exact bytes.'),
  });
}

function loopSchema() {
  const count = z.int().check(z.gte(0));
  const schema = z.strictObject({
    stage: z.string(),
    verdict: describe(z.string(), 'Such as passed or max_iterations; see the exit codes.'),
    summary: z.nullable(z.string()),
    agent: z.string(),
    iterations: count,
    best_iteration: z.nullable(count),
    tokens: describe(count, 'Of input and output together.'),
    cost_usd: describe(z.number(), "By the agent's own account; 0 where it states none."),
    findings: count,
    branch: z.nullable(z.string()),
    state: describe(z.string(), "Path of the loop's state."),
  });
  return describe(schema, 'What an agent loop came to; absent for runs without one.');
}

function criticalPathSchema() {
  const ms = z.number().check(z.gte(0));
  const schema = z.strictObject({
    path: describe(
      z.array(z.strictObject({ id: z.string(), ms })),
      'The chain of stages, each waiting for the one before, that took longest.',
    ),
    critical_ms: describe(ms, 'Time of that chain.'),
    wall_ms: describe(ms, 'From the first start of a stage to the last end of one.'),
    serial_ms: describe(ms, 'All stages, one after the other.'),
    saved_ms: describe(ms, 'What running side by side saved.'),
    recoverable_ms: describe(
      z.nullable(ms),
      'What the run took beyond that chain; null where stages declare no needs.',
    ),
  });
  return describe(schema, 'Absent for runs of one stage or of several attempts.');
}

function countsSchema() {
  const count = z.int().check(z.gte(0));
  return z.strictObject({
    total: count,
    succeeded: count,
    failed: count,
    skipped: count,
    cancelled: count,
  });
}

/** Nothing was run: the arguments, the environment or the machine forbade it. */
function errorVerdictSchema() {
  return z.strictObject({
    type: z.literal('verdict'),
    error: z.looseObject({ code: z.string(), message: z.string() }),
    exit_code: exitCode(),
  });
}

function exitCode() {
  return describe(z.int(), 'What the process exits with.');
}

function describe<Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema {
  return schema.check(z.meta({ description }));
}

/** For readers, who leave room for members of newer versions. */
export function verdictJsonSchema(): string {
  const { $schema, ...shape } = z.toJSONSchema(verdictSchema(), {
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  const $id = 'https://unpkg.com/codex-orchestrator/schema/verdict.schema.json';
  const title = 'The last line of a stream of events';
  return `${JSON.stringify({ $schema, $id, title, ...shape }, null, 2)}\n`;
}
