import { err, ok } from '@codex-orchestrator/core';
import type { Result } from '@codex-orchestrator/core';
import * as z from 'zod/mini';

import { agentNames } from '../agent/agent.js';
import { describeIssues } from './describe-issues.js';
import type { JsonObject } from './json-object.js';
import { isolations, loopRoles, tamperPolicies } from './loop-settings.js';
import type { LoopSettings } from './loop-settings.js';

/** The settings as the journal keeps them, for a loop that goes on; `parseSettingsFacts` reads them back. */
export function settingsFacts(settings: LoopSettings): JsonObject {
  const { goal, agent, validators, roles, subagents, isolation } = settings;
  const { protect, onTamper, limits, stallAfter } = settings;
  return {
    goal,
    agent: {
      name: agent.name,
      args: [...agent.args],
      ...(agent.program !== undefined && { program: agent.program }),
      ...(agent.template !== undefined && { template: agent.template }),
      ...(agent.speaks !== undefined && { speaks: agent.speaks }),
    },
    validators: validators.map(({ name, command, timeoutMs }) => ({ name, command, timeoutMs })),
    roles,
    subagents,
    isolation,
    protect: [...protect],
    onTamper,
    limits: { ...limits },
    stallAfter,
  };
}

/** Members that are not known are left out; what is missing or of another kind is named in the error. */
export function parseSettingsFacts(json: unknown): Result<LoopSettings, string> {
  const parsed = settingsSchema().safeParse(json);
  return parsed.success ? ok(parsed.data) : err(describeIssues(parsed.error.issues));
}

let built: z.ZodMiniType<LoopSettings> | undefined;

function settingsSchema(): z.ZodMiniType<LoopSettings> {
  return (built ??= buildSettingsSchema());
}

function buildSettingsSchema(): z.ZodMiniType<LoopSettings> {
  return z.object({
    goal: z.string().check(z.minLength(1)),
    agent: agentSchema(),
    validators: z.array(
      z.object({
        name: z.string().check(z.minLength(1)),
        command: command(),
        timeoutMs: positive(),
      }),
    ),
    roles: z.enum(loopRoles),
    subagents: z.boolean(),
    isolation: z.enum(isolations),
    protect: z.array(z.string()),
    onTamper: z.enum(tamperPolicies),
    limits: z.object({
      maxIterations: z.nullable(positive()),
      maxMinutes: z.nullable(amount()),
      turnTimeoutMs: z.nullable(positive()),
      silenceTimeoutMs: z.nullable(positive()),
      maxCostUsd: z.nullable(amount()),
      maxTokens: z.nullable(positive()),
      maxConsecutiveErrors: positive(),
      maxOutputBytes: positive(),
    }),
    stallAfter: positive(),
  });
}

function agentSchema() {
  return z.object({
    name: z.enum(agentNames),
    program: z.optional(z.string()),
    args: z.array(z.string()),
    template: z.optional(z.string()),
    speaks: z.optional(z.enum(['codex', 'claude', 'gemini', 'qwen', 'opencode'])),
  });
}

function command() {
  return z.union([z.string().check(z.minLength(1)), z.tuple([z.string()], z.string())]);
}

function positive() {
  return z.int().check(z.minimum(1));
}

function amount() {
  return z.number().check(z.gt(0));
}
