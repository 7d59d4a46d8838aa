import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { findGuards, guardName } from '../guard/find-guards.js';
import type { BenchResults, GuardResult } from '../results/result.js';

export interface CompletedResults {
  readonly results: readonly BenchResults[];
  /** `<project>/<guard>`, of which nothing was found. */
  readonly missing: readonly string[];
}

/**
 * Adds to results every guard of these projects that they say nothing about, as a failed one.
 *
 * @param results At least one.
 */
export async function withMissing(
  root: string,
  projects: readonly string[],
  results: readonly BenchResults[],
): Promise<CompletedResults> {
  const known = new Set(results.flatMap(({ guards }) => guards.map(({ guard }) => guard)));
  const completed = [...results];
  const missing: string[] = [];
  for (const project of projects) {
    const names = (await findGuards(join(root, 'packages', project)))
      .map((path) => `${project}/${guardName(path)}`)
      .filter((name) => !known.has(name));
    missing.push(...names);
    const like = results.find((each) => each.project === project) ?? results[0];
    if (names.length === 0 || like === undefined) continue;
    completed.push({ ...like, project, controls: [], notes: [], guards: names.map(absent) });
  }
  return { results: completed, missing };
}

function absent(guard: string): GuardResult {
  return {
    guard,
    kind: 'exact',
    promise: 'not known, as the guard was not run',
    verdict: 'failed',
    reason: 'there is no result: its part of the gate was not run',
    measures: [],
  };
}

/** Every package of a workspace, by the name of its folder. */
export async function packageFolders(root: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, 'packages'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
