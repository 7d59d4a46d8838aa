import { CoreError, readString } from '@codex-orchestrator/core';
import type { Environment } from '@codex-orchestrator/core';
import type { RunOptions } from '@codex-orchestrator/manifest';

import { usageError } from '../errors.js';

/** Most tags of one run. */
export const maxTags = 16;

const variable = 'CODEX_ORCHESTRATOR_TAGS';
const tagPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const expected =
  'names of letters, digits, `.`, `_` and `-`, which begin with a letter or a digit and have at most 64 characters';

/**
 * The tags that a flag's text names, separated by commas.
 *
 * @throws CliError `USAGE`
 */
export function parseTags(text: string): readonly string[] {
  const tags = namesIn(text);
  const problem = problemOf(tags);
  if (problem === undefined) return tags;
  throw usageError(`Expected \`--tag <name>[,<name>...]\` to be ${problem}, got \`${text}\``);
}

/**
 * All tags of a run: those of CODEX_ORCHESTRATOR_TAGS and those of the call, sorted, each once.
 *
 * @throws CoreError `INVALID_ENVIRONMENT`; CliError `USAGE` where together they are too many
 */
export function tagsOfRun(env: Environment, called: readonly string[]): readonly string[] {
  const text = readString(env, variable, '');
  const fromEnvironment = namesIn(text);
  const problem = problemOf(fromEnvironment);
  if (problem !== undefined) {
    throw new CoreError(
      'INVALID_ENVIRONMENT',
      `Expected ${variable} to be ${problem}, got "${text}"`,
    );
  }
  const tags = sortedOnce([...fromEnvironment, ...called]);
  if (tags.length <= maxTags) return tags;
  throw usageError(
    `Expected at most ${String(maxTags)} tags of \`--tag\` and ${variable} together, got ${String(tags.length)}`,
  );
}

/** As the record of a run keeps them: its options are single values. */
export function tagsOption(tags: readonly string[]): RunOptions {
  return tags.length === 0 ? {} : { tags: tags.join(',') };
}

/** The tags that a record names; what cannot be a tag is none. */
export function tagsOf({ tags }: RunOptions): readonly string[] {
  if (typeof tags !== 'string') return [];
  return sortedOnce(namesIn(tags).filter((tag) => tagPattern.test(tag)));
}

function namesIn(text: string): readonly string[] {
  return sortedOnce(
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  );
}

function problemOf(tags: readonly string[]): string | undefined {
  if (tags.some((tag) => !tagPattern.test(tag))) return expected;
  return tags.length > maxTags ? `at most ${String(maxTags)} names` : undefined;
}

function sortedOnce(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
