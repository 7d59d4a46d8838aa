import type { Environment } from '@codex-orchestrator/core';
import type { RunOptions } from '@codex-orchestrator/manifest';
import type { MetricsEntry } from '@codex-orchestrator/metrics';

import { readCommit } from './read-commit.js';
import { tagsOf, tagsOfRun, tagsOption } from './run-tags.js';

export interface FactSources {
  /** The work tree that the run is about. */
  readonly root: string;
  readonly env: Environment;
  /** Tags that the call names. */
  readonly tags: readonly string[];
}

/**
 * What later questions about a run need to know of its start, as options of the run: the commit and the
 * tags.
 *
 * @throws CoreError `INVALID_ENVIRONMENT`; CliError `USAGE`
 */
export function readRunFacts({ root, env, tags }: FactSources): RunOptions {
  const tagged = tagsOption(tagsOfRun(env, tags));
  const commit = readCommit(root);
  return { ...(commit === null ? {} : { commit }), ...tagged };
}

/** The same of a run that began earlier and goes on: they stay what they were. */
export function runFactsOf({ commit, tags }: RunOptions): RunOptions {
  return { ...(commit === undefined ? {} : { commit }), ...(tags === undefined ? {} : { tags }) };
}

/** The same for an entry in the history. */
export function factMembers(options: RunOptions): Required<Pick<MetricsEntry, 'commit' | 'tags'>> {
  const { commit } = options;
  return { commit: typeof commit === 'string' ? commit : null, tags: tagsOf(options) };
}
