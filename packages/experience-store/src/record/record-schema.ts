import * as z from 'zod/mini';

export type ExperienceRecordSchema = ReturnType<typeof buildRecordSchema>;
export type ExperienceInputSchema = ReturnType<typeof buildInputSchema>;

let builtRecord: ExperienceRecordSchema | undefined;
let builtInput: ExperienceInputSchema | undefined;

/**
 * What this version writes as a record, with room for members that are not known, for those who check or
 * publish the format; a JSON Schema can be derived from it. It is stricter than reading is: `parseLogLine`
 * takes every object with an id, a domain and a reward. Built on first use.
 */
export function experienceRecordSchema(): ExperienceRecordSchema {
  return (builtRecord ??= buildRecordSchema());
}

/**
 * What callers hand over, for those who read it from files. It says what a form can say; the rest, such as
 * which names are allowed, is checked when a batch is prepared. Built on first use.
 */
export function experienceInputSchema(): ExperienceInputSchema {
  return (builtInput ??= buildInputSchema());
}

function buildRecordSchema() {
  return z.looseObject({
    id: filled(),
    runId: filled(),
    taskId: filled(),
    epoch: z.nullable(z.int()),
    groupId: z.nullable(z.string()),
    summary32: filled(),
    reward: reward(),
    toolStats: z.array(toolStat()),
    stampSignature: z.nullable(digest()),
    domain: filled(),
    createdAt: filled(),
    manifestPath: z.nullable(z.string()),
    // Older lines, and those of the format's first writer, have none of what follows.
    contentHash: maybe(digest()),
    stageId: maybe(z.string()),
    commit: maybe(z.string()),
    evidence: maybe(evidence()),
    source: maybe(z.string()),
    ...counters(),
  });
}

/** What came of a record, where a compaction has written that into its line. */
function counters() {
  return {
    seen: z.optional(count()),
    uses: z.optional(count()),
    helped: z.optional(count()),
    harmed: z.optional(count()),
    pinned: z.optional(z.boolean()),
    batch: z.optional(z.string().check(z.regex(/^[0-9a-f]{8}:[0-9]+\/[0-9]+$/))),
  };
}

function buildInputSchema() {
  return z.looseObject({
    runId: filled(),
    taskId: filled(),
    epoch: maybe(z.int()),
    groupId: maybe(filled()),
    summary: filled(),
    reward: reward(),
    toolStats: z.array(toolStat()),
    stampSignature: maybe(digest()),
    domain: filled(),
    stageId: maybe(filled()),
    commit: maybe(filled()),
    evidence: maybe(evidence()),
    source: maybe(filled()),
  });
}

function reward() {
  return z.looseObject({ gtScore: z.number(), relativeRank: z.number() });
}

function toolStat() {
  return z.looseObject({
    tool: filled(),
    tokens: z.number(),
    latencyMs: z.number(),
    costUsd: z.number(),
  });
}

function evidence() {
  return z.looseObject({ path: filled(), sha256: digest() });
}

/** Null, or left out, where there is nothing to say. */
function maybe<Schema extends z.core.$ZodType>(schema: Schema) {
  return z.optional(z.nullable(schema));
}

/** Text with at least one character that is not white space. */
function filled() {
  return z.string().check(z.regex(/\S/));
}

function digest() {
  return z.string().check(z.regex(/^[0-9a-fA-F]{64}$/));
}

function count() {
  return z.int().check(z.minimum(0));
}
