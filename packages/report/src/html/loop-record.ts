import * as z from 'zod/mini';

/**
 * What a page reads of the facts that a loop leaves in the journal and in `findings.json`. Agents have a
 * hand in them: a member that is missing or of another kind costs itself alone.
 */
export interface LoopSchemas {
  readonly line: ReturnType<typeof buildLine>;
  readonly artifact: ReturnType<typeof buildArtifact>;
  readonly moved: ReturnType<typeof buildMoved>;
  readonly settings: ReturnType<typeof buildSettings>;
  readonly validator: ReturnType<typeof buildValidator>;
  readonly iteration: ReturnType<typeof buildIteration>;
  readonly turn: ReturnType<typeof buildTurn>;
  readonly judgement: ReturnType<typeof buildJudgement>;
  readonly end: ReturnType<typeof buildEnd>;
  readonly finding: ReturnType<typeof buildFinding>;
}

let built: LoopSchemas | undefined;

/** Built on first use. */
export function loopSchemas(): LoopSchemas {
  return (built ??= {
    line: buildLine(),
    artifact: buildArtifact(),
    moved: buildMoved(),
    settings: buildSettings(),
    validator: buildValidator(),
    iteration: buildIteration(),
    turn: buildTurn(),
    judgement: buildJudgement(),
    end: buildEnd(),
    finding: buildFinding(),
  });
}

/** Those of a list that can be read; nothing of what is no list. */
export function readItems<Item>(schema: z.ZodMiniType<Item>, list: unknown): Item[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item) => {
    const read = schema.safeParse(item);
    return read.success ? [read.data] : [];
  });
}

/** The texts of a list. */
export function readTexts(list: unknown): string[] {
  return readItems(z.string(), list);
}

function buildLine() {
  return z.object({
    type: z.string(),
    id: maybeText(),
    n: count(),
    continues: z.catch(z.boolean(), false),
    facts: anything(),
    artifacts: anything(),
    moved: anything(),
  });
}

function buildArtifact() {
  return z.object({ path: z.string() });
}

function buildMoved() {
  return z.object({ from: z.string() });
}

function buildSettings() {
  const limits = {
    maxIterations: maybeAmount(),
    maxMinutes: maybeAmount(),
    maxTokens: maybeAmount(),
    maxCostUsd: maybeAmount(),
  };
  const none = { maxIterations: null, maxMinutes: null, maxTokens: null, maxCostUsd: null };
  const settings = z.object({
    goal: maybeText(),
    agent: z.catch(z.object({ name: maybeText() }), { name: null }),
    roles: maybeText(),
    isolation: maybeText(),
    validators: anything(),
    limits: z.catch(z.object(limits), none),
  });
  return z.object({ settings });
}

function buildValidator() {
  return z.object({
    name: text(),
    command: z.catch(z.union([z.string(), z.array(z.string())]), ''),
  });
}

function buildIteration() {
  const diff = z.object({
    files: count(),
    insertions: count(),
    deletions: count(),
    patchPath: maybeText(),
  });
  return z.object({
    startedAt: text(),
    completedAt: text(),
    durationMs: maybeAmount(),
    completed: z.catch(z.boolean(), false),
    summary: maybeText(),
    turns: anything(),
    validators: anything(),
    diff: z.catch(z.nullable(diff), null),
    tampered: anything(),
    strays: count(),
  });
}

function buildTurn() {
  const usage = { inputTokens: amount(), outputTokens: amount(), costUsd: amount() };
  const none = { inputTokens: 0, outputTokens: 0, costUsd: 0 };
  return z.object({
    role: text(),
    outcome: text(),
    reason: maybeText(),
    durationMs: maybeAmount(),
    usage: z.catch(z.object(usage), none),
    toolCalls: count(),
    logPath: maybeText(),
  });
}

function buildJudgement() {
  return z.object({
    name: text(),
    outcome: text(),
    exitCode: z.catch(z.nullable(z.int()), null),
    logPath: maybeText(),
  });
}

function buildEnd() {
  return z.object({
    verdict: z.catch(z.nullable(z.string().check(z.minLength(1))), null),
    agent: maybeText(),
    iterations: maybeAmount(),
    best_iteration: maybeAmount(),
    input_tokens: amount(),
    output_tokens: amount(),
    cost_usd: amount(),
    tool_calls: amount(),
    branch: maybeText(),
  });
}

function buildFinding() {
  return z.object({
    // Without one there is nothing to show.
    title: z.string().check(z.regex(/\S/)),
    hotspot: z.catch(z.object({ file: text() }), { file: '' }),
    evidence: anything(),
    candidate_fixes: anything(),
  });
}

/** Looked at by a schema of its own, and may be missing. */
function anything() {
  return z.optional(z.unknown());
}

function text() {
  return z.catch(z.string(), '');
}

function maybeText() {
  return z.catch(z.nullable(z.string()), null);
}

function count() {
  return z.catch(z.int().check(z.minimum(0)), 0);
}

function amount() {
  return z.catch(z.number().check(z.minimum(0)), 0);
}

function maybeAmount() {
  return z.catch(z.nullable(z.number().check(z.minimum(0))), null);
}
