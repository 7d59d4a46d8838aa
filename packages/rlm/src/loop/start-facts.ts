import { err, ok } from '@codex-orchestrator/core';
import type { Result } from '@codex-orchestrator/core';
import * as z from 'zod/mini';

import { parseIterationFacts } from '../decide/iteration-facts.js';
import { RlmError } from '../errors.js';
import { describeIssues } from '../settings/describe-issues.js';
import type { JsonObject } from '../settings/json-object.js';
import { parseSettingsFacts, settingsFacts } from '../settings/settings-facts.js';
import type { LoopHistory, LoopStart } from './loop-ports.js';

/** What a loop began with, as the journal keeps it; `parseHistory` reads it back. */
export function startFacts({ settings, startTree, protectedFiles }: LoopStart): JsonObject {
  return { settings: settingsFacts(settings), startTree, protectedFiles: { ...protectedFiles } };
}

/**
 * What is recorded of a loop, read back from the facts of its start and of its iterations.
 *
 * @throws RlmError `HISTORY_DAMAGED`
 */
export function parseHistory(recorded: {
  readonly settings: unknown;
  readonly iterations: readonly unknown[];
}): LoopHistory {
  return {
    start: expectRead(parseStartFacts(recorded.settings), 'the start of the loop'),
    iterations: recorded.iterations.map((facts, at) =>
      expectRead(parseIterationFacts(facts), `iteration ${at + 1}`),
    ),
  };
}

function expectRead<Value>(read: Result<Value, string>, what: string): Value {
  if (read.ok) return read.value;
  const message = `Cannot go on with the loop: what is recorded of ${what} cannot be read: ${read.error}`;
  throw new RlmError('HISTORY_DAMAGED', message);
}

/** Members that are not known are left out; what is missing or of another kind is named in the error. */
function parseStartFacts(json: unknown): Result<LoopStart, string> {
  const parsed = schema().safeParse(json);
  if (!parsed.success) return err(describeIssues(parsed.error.issues));
  const settings = parseSettingsFacts(parsed.data.settings);
  return settings.ok ? ok({ ...parsed.data, settings: settings.value }) : settings;
}

let built: ReturnType<typeof buildSchema> | undefined;

function schema(): ReturnType<typeof buildSchema> {
  return (built ??= buildSchema());
}

function buildSchema() {
  return z.object({
    settings: z.unknown(),
    startTree: z.nullable(z.string()),
    protectedFiles: z.record(z.string(), z.string()),
  });
}
