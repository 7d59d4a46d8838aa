import { join } from 'node:path';

import { readFile } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

/** What lies in a folder itself, nothing below it. Whatever cannot be read counts as not there. */
export interface RootView {
  /** Those of the names that are files there, in the order given. */
  files(...names: readonly string[]): readonly string[];
  /** Names of files that a pattern matches, sorted. */
  matching(pattern: RegExp): readonly string[];
  /** A file as text; undefined where it is none, or larger than a megabyte. */
  text(name: string): string | undefined;
  /** The object in `package.json`; undefined where there is none or it is damaged. */
  readonly packageJson: Readonly<Record<string, unknown>> | undefined;
}

const maxBytes = 1024 * 1024;

export function viewRoot(root: string, fs: FileSystem): RootView {
  const names = new Set(listNames(root, fs));
  const isFile = (name: string): boolean => names.has(name) && isRegular(join(root, name), fs);
  const text = (name: string): string | undefined =>
    isFile(name) ? readText(join(root, name), fs) : undefined;
  return {
    files: (...wanted) => wanted.filter(isFile),
    matching: (pattern) => [...names].filter((name) => pattern.test(name) && isFile(name)).sort(),
    text,
    packageJson: parseObject(text('package.json')),
  };
}

/** A member of a JSON object that is an object itself, such as the `scripts` of a `package.json`. */
export function objectMember(
  object: Readonly<Record<string, unknown>> | undefined,
  name: string,
): Readonly<Record<string, unknown>> {
  return asObject(object?.[name]) ?? {};
}

function listNames(root: string, fs: FileSystem): readonly string[] {
  try {
    return fs.readdir(root);
  } catch {
    return [];
  }
}

/** A name is asked for as it is listed: a file system that ignores case would find others too. */
function isRegular(path: string, fs: FileSystem): boolean {
  try {
    return fs.stat(path).isFile();
  } catch {
    return false;
  }
}

function readText(path: string, fs: FileSystem): string | undefined {
  try {
    return readFile(fs, path, maxBytes).toString('utf8');
  } catch {
    return undefined;
  }
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined;
  try {
    return asObject(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
}
