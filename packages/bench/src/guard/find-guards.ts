import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { codeOf } from '../errors.js';

const suffix = '.bench.mjs';

/** Paths of the guards of a project, sorted by name. */
export async function findGuards(projectRoot: string): Promise<readonly string[]> {
  const folder = join(projectRoot, 'bench');
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith(suffix));
    return names.sort().map((name) => join(folder, name));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** The name of the promise that a guard file holds a project to. */
export function guardName(path: string): string {
  return basename(path, suffix);
}
