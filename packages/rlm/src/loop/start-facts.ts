import { err, ok } from '@codex-orchestrator/core';
import type { Result } from '@codex-orchestrator/core';
import * as z from 'zod/mini';

import { describeIssues } from '../settings/describe-issues.js';
import type { JsonObject } from '../settings/json-object.js';
import { parseSettingsFacts, settingsFacts } from '../settings/settings-facts.js';
import type { LoopStart } from './loop-ports.js';

/** What a loop began with, as the journal keeps it; `parseStartFacts` reads it back. */
export function startFacts({ settings, startTree, protectedFiles }: LoopStart): JsonObject {
  return { settings: settingsFacts(settings), startTree, protectedFiles: { ...protectedFiles } };
}

/** Members that are not known are left out; what is missing or of another kind is named in the error. */
export function parseStartFacts(json: JsonObject): Result<LoopStart, string> {
  const parsed = schema().safeParse(json);
  if (!parsed.success) return err(describeIssues(parsed.error.issues));
  const settings = parseSettingsFacts(json['settings']);
  return settings.ok ? ok({ ...parsed.data, settings: settings.value }) : settings;
}

let built: ReturnType<typeof buildSchema> | undefined;

function schema(): ReturnType<typeof buildSchema> {
  return (built ??= buildSchema());
}

function buildSchema() {
  return z.object({
    startTree: z.nullable(z.string()),
    protectedFiles: z.record(z.string(), z.string()),
  });
}
