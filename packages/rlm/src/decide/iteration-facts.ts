import { err, ok } from '@codex-orchestrator/core';
import type { Result } from '@codex-orchestrator/core';
import * as z from 'zod/mini';

import { turnOutcomes, turnRoles } from '../agent/turn.js';
import type { Iteration } from '../loop/iteration.js';
import { describeIssues } from '../settings/describe-issues.js';
import type { JsonObject } from '../settings/json-object.js';
import { validatorOutcomes } from '../validator/validator.js';

/** An iteration as the journal keeps it; `parseIterationFacts` reads it back. */
export function iterationFacts(iteration: Iteration): JsonObject {
  return JSON.parse(JSON.stringify(iteration)) as JsonObject;
}

/** Members that are not known are left out; what is missing or of another kind is named in the error. */
export function parseIterationFacts(json: unknown): Result<Iteration, string> {
  const parsed = iterationSchema().safeParse(json);
  return parsed.success ? ok(parsed.data) : err(describeIssues(parsed.error.issues));
}

let built: z.ZodMiniType<Iteration> | undefined;

function iterationSchema(): z.ZodMiniType<Iteration> {
  return (built ??= buildIterationSchema());
}

function buildIterationSchema(): z.ZodMiniType<Iteration> {
  return z.object({
    n: z.int().check(z.minimum(1)),
    startedAt: z.string(),
    summary: maybeText(),
    validatorExitCode: z.nullable(z.int()),
    validatorLogPath: maybeText(),
    diffSummary: maybeText(),
    completedAt: z.string(),
    durationMs: amount(),
    completed: z.boolean(),
    turns: z.array(turnSchema()),
    validators: z.array(judgementSchema()),
    treeBefore: maybeText(),
    treeAfter: maybeText(),
    diff: z.nullable(diffSchema()),
    tampered: z.array(z.string()),
    findings: count(),
    strays: count(),
  });
}

function turnSchema() {
  return z.object({
    role: z.enum(turnRoles),
    outcome: z.enum(turnOutcomes),
    reason: maybeText(),
    exitCode: z.nullable(z.int()),
    durationMs: amount(),
    message: maybeText(),
    sessionId: maybeText(),
    usage: z.object({
      inputTokens: amount(),
      cachedInputTokens: amount(),
      outputTokens: amount(),
      costUsd: amount(),
    }),
    toolCalls: count(),
    denials: z.array(z.string()),
    errors: z.array(z.string()),
    lingered: z.boolean(),
    promptPath: z.string(),
    logPath: maybeText(),
    eventsPath: maybeText(),
  });
}

function judgementSchema() {
  return z.object({
    name: z.string(),
    command: z.string(),
    outcome: z.enum(validatorOutcomes),
    exitCode: z.nullable(z.int()),
    durationMs: amount(),
    logPath: maybeText(),
    fingerprint: maybeText(),
    tail: z.string(),
  });
}

function diffSchema() {
  return z.object({
    files: count(),
    insertions: count(),
    deletions: count(),
    paths: z.array(z.string()),
    stat: z.string(),
    patchPath: maybeText(),
    patchSha256: maybeText(),
  });
}

function maybeText() {
  return z.nullable(z.string());
}

function count() {
  return z.int().check(z.minimum(0));
}

function amount() {
  return z.number().check(z.minimum(0));
}
