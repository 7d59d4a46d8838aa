import { join } from 'node:path';

import { CliError } from '../errors.js';
import type { RepositoryFiles } from './repository-files.js';

const packageManagers = ['npm', 'pnpm', 'yarn', 'bun'] as const;
type PackageManager = (typeof packageManagers)[number];

const lockFiles: readonly (readonly [name: string, owner: PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/** What `package.json` says about running scripts. */
export interface NodeScripts {
  /** Lines by name; empty without a `package.json`. */
  readonly scripts: Readonly<Record<string, string>>;
  /** That of `packageManager`, else of the first lock file, else npm. */
  readonly packageManager: PackageManager;
}

/**
 * @throws CliError `INVALID_PACKAGE_JSON` when package.json is there but cannot be read or is no JSON:
 * whatever it asks for would be left out without a word
 */
export function readNodeScripts(files: RepositoryFiles): NodeScripts {
  const { scripts, packageManager } = parseObject(files);
  const texts = Object.entries(isObject(scripts) ? scripts : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const named = typeof packageManager === 'string' ? packageManager.trim().split('@')[0] : '';
  return {
    scripts: Object.fromEntries(texts),
    packageManager:
      packageManagers.find((known) => known === named) ??
      lockFiles.find(([name]) => files.has(name))?.[1] ??
      'npm',
  };
}

function parseObject(files: RepositoryFiles): Readonly<Record<string, unknown>> {
  const text = files.text('package.json');
  const path = join(files.root, 'package.json');
  const unreadable = files.unreadable.get('package.json');
  if (unreadable !== undefined) throw invalid(path, `cannot be read: ${unreadable}`);
  if (!files.has('package.json')) return {};
  try {
    const value = JSON.parse(text) as unknown;
    return isObject(value) ? value : {};
  } catch (cause) {
    throw invalid(path, `is not valid JSON: ${(cause as Error).message}`, cause);
  }
}

function invalid(path: string, problem: string, cause?: unknown): CliError {
  return new CliError('INVALID_PACKAGE_JSON', `\`${path}\` ${problem}`, {
    cause,
    details: { path },
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
