import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { writeJsonAtomic } from '@codex-orchestrator/core';

import { BenchError, codeOf, messageOf } from '../errors.js';
import type { BenchResults } from './result.js';
import { resultsSchema } from './results-schema.js';

const parts = ['exact', 'time'] as const;

/** Where the results of a part of the gate lie. */
export function resultsPath(root: string, project: string, part: BenchResults['part']): string {
  return join(root, 'packages', project, '.bench', `${part}.json`);
}

/**
 * Writes what a part of the gate found, replacing what it found before.
 *
 * @throws BenchError `RESULT_UNREADABLE` where it is not what can be read again
 */
export async function writeResults(root: string, results: BenchResults): Promise<string> {
  const path = resultsPath(root, results.project, results.part);
  check(JSON.parse(JSON.stringify(results)), path);
  await mkdir(dirname(path), { recursive: true });
  await writeJsonAtomic(path, results);
  return path;
}

/**
 * What the gate found, of these projects or of all that have results, sorted by project and part.
 *
 * @throws BenchError `RESULT_UNREADABLE` where a file is damaged or of another format, `RESULT_MISSING`
 * where a named project has none or nobody has any
 */
export async function readResults(
  root: string,
  projects?: readonly string[],
): Promise<readonly BenchResults[]> {
  const names = projects ?? (await projectFolders(root));
  const found: BenchResults[] = [];
  for (const project of [...names].sort()) {
    const ofProject = await readProject(root, project);
    if (ofProject.length === 0 && projects !== undefined) throw missing(root, project);
    found.push(...ofProject);
  }
  if (found.length === 0) throw missing(root, undefined);
  return found;
}

async function readProject(root: string, project: string): Promise<readonly BenchResults[]> {
  const found = await Promise.all(parts.map((part) => readOne(resultsPath(root, project, part))));
  return found.filter((results) => results !== undefined);
}

async function readOne(path: string): Promise<BenchResults | undefined> {
  try {
    return check(JSON.parse(await readFile(path, 'utf8')), path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (error instanceof BenchError) throw error;
    throw unreadable(path, messageOf(error), error);
  }
}

function check(value: unknown, path: string): BenchResults {
  const checked = resultsSchema().safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const why = `\`${issue?.path.join('.') ?? ''}\` is wrong: ${issue?.message ?? ''}`;
  throw unreadable(path, why, checked.error);
}

async function projectFolders(root: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, 'packages'), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function unreadable(path: string, why: string, cause: unknown): BenchError {
  return new BenchError('RESULT_UNREADABLE', `Expected results in "${path}", but ${why}`, {
    path,
    cause,
  });
}

function missing(root: string, project: string | undefined): BenchError {
  const where = join(root, 'packages', project ?? '*', '.bench');
  return new BenchError('RESULT_MISSING', `Expected results in "${where}", found none`, {
    path: root,
  });
}
