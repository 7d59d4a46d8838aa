import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { BenchError } from '../errors.js';
import { readManifest } from './package-folders.js';

/** The programs of a build under test. */
export interface SlotModules {
  /**
   * Imports what the build under test has under this name.
   *
   * @throws BenchError `API_MISSING` where it has no such package or entry
   */
  readonly load: (specifier: string) => Promise<Readonly<Record<string, unknown>>>;
  /**
   * Path of the built command line.
   *
   * @throws BenchError `API_MISSING` where the slot has none
   */
  readonly commandLine: () => Promise<string>;
}

const commandLineName = 'codex-orchestrator';

export function slotModules(folder: string): SlotModules {
  return {
    load: async (specifier) => {
      const path = await resolveEntry(folder, specifier);
      return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
    },
    commandLine: async () => {
      const inside = join(folder, 'node_modules', commandLineName);
      const launcher = (await readManifest(inside))?.bin?.[commandLineName];
      if (launcher === undefined) throw missing(folder, commandLineName);
      return existing(join(inside, launcher), folder, commandLineName);
    },
  };
}

async function resolveEntry(folder: string, specifier: string): Promise<string> {
  const { name, entry } = splitSpecifier(specifier);
  const inside = join(folder, 'node_modules', name);
  const target = targetOf((await readManifest(inside))?.exports, entry);
  if (target === undefined) throw missing(folder, specifier);
  return existing(join(inside, target), folder, specifier);
}

function splitSpecifier(specifier: string): { readonly name: string; readonly entry: string } {
  const segments = specifier.split('/');
  const length = specifier.startsWith('@') ? 2 : 1;
  return {
    name: segments.slice(0, length).join('/'),
    entry: ['.', ...segments.slice(length)].join('/'),
  };
}

/** Only what this workspace uses: an entry is a path, or has one under `default`. */
function targetOf(exports: unknown, entry: string): string | undefined {
  const target = memberOf(exports, entry);
  const path = typeof target === 'string' ? target : memberOf(target, 'default');
  return typeof path === 'string' ? path : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

async function existing(path: string, folder: string, specifier: string): Promise<string> {
  try {
    await access(path);
    return path;
  } catch {
    throw missing(folder, specifier);
  }
}

function missing(folder: string, specifier: string): BenchError {
  return new BenchError(
    'API_MISSING',
    `Expected the build in "${folder}" to have "${specifier}", found no such entry`,
    { path: folder },
  );
}
