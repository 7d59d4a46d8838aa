import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Git } from './git.js';

/** What npm has put where: versions and digests of external packages, and where the own ones lie. */
export interface Lockfile {
  /** By place, such as `node_modules/zod` or `packages/cli/node_modules/cac`. */
  readonly externals: ReadonlyMap<string, string>;
  /** Folders of the workspace's packages by the place that links to them. */
  readonly links: ReadonlyMap<string, string>;
}

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
}

/** The lockfile of the files at hand; empty where there is none. */
export async function readLockfile(root: string): Promise<Lockfile> {
  return parseLockfile(await readFile(join(root, 'package-lock.json'), 'utf8').catch(() => '{}'));
}

/** The lockfile of a commit; empty where it has none. */
export async function readLockfileOf(git: Git, commit: string): Promise<Lockfile> {
  // Relative, as the workspace need not be the root of the repository.
  const { exitCode, stdout } = await git('show', `${commit}:./package-lock.json`);
  return parseLockfile(exitCode === 0 ? stdout : '{}');
}

/**
 * Whether all that one lockfile asks for is there when the other one is installed. That the other has more,
 * as after a dependency or a package was added, takes nothing away.
 */
export function isCovered(base: Lockfile, installed: Lockfile): boolean {
  return [...base.externals].every(([place, exact]) => installed.externals.get(place) === exact);
}

function parseLockfile(text: string): Lockfile {
  const { packages = {} } = JSON.parse(text) as { packages?: Record<string, LockedPackage> };
  const externals = new Map<string, string>();
  const links = new Map<string, string>();
  for (const [place, locked] of Object.entries(packages)) {
    if (!place.includes('node_modules/')) continue;
    if (locked.link === true) links.set(place, locked.resolved ?? '');
    else externals.set(place, `${locked.version ?? ''} ${locked.integrity ?? ''}`);
  }
  return { externals, links };
}
