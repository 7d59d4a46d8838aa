import { join } from 'node:path';

import { CliError } from '../errors.js';
import type { RepositoryFiles } from './repository-files.js';
import { callsItself } from './task-files.js';

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

/** Whether any of some scripts starts pipelines of this program, with what runs before and behind it and what it runs. */
export function startsItself(scripts: NodeScripts['scripts'], names: readonly string[]): boolean {
  const seen = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name) || !Object.hasOwn(scripts, name)) continue;
    seen.add(name);
    const line = scripts[name] ?? '';
    if (callsItself(line)) return true;
    waiting.push(`pre${name}`, `post${name}`);
    if (runsScripts.test(line)) waiting.push(...line.split(/[\s"';&|()]+/));
  }
  return false;
}

const runsScripts = /\b(?:npm|pnpm|yarn|bun|npm-run-all2?|run-[ps])\b/;

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
