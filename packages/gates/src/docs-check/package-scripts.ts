import { posix } from 'node:path';

import * as z from 'zod/mini';

import { GateError } from '../errors.js';
import { describeUnread, readFileInside } from '../text-files/read-file-inside.js';
import type { FileRoot } from '../text-files/read-file-inside.js';

/** What can be run by a package manager. */
export interface PackageScripts {
  readonly scripts: ReadonlySet<string>;
  /** Names of packages, which often are those of the programs that they bring. */
  readonly dependencies: ReadonlySet<string>;
}

export interface PackageScriptsReader {
  /**
   * Of the nearest `package.json` above a document, and of the root's.
   *
   * @throws GateError `INVALID_FILE` where one of them is none
   */
  readonly near: (document: string) => readonly PackageScripts[];
  /** Of every `package.json` that can be read. */
  readonly all: () => readonly PackageScripts[];
}

/** @param files All files of the repository. Each `package.json` is read once, when it is asked for. */
export function createPackageScriptsReader(
  where: FileRoot,
  files: ReadonlySet<string>,
): PackageScriptsReader {
  const read = new Map<string, PackageScripts>();
  const nearest = new Map<string, string | undefined>();

  function readOnce(path: string): PackageScripts {
    const known = read.get(path);
    if (known !== undefined) return known;
    const found = readPackage(where, path);
    read.set(path, found);
    return found;
  }

  function nearestTo(folder: string): string | undefined {
    if (nearest.has(folder)) return nearest.get(folder);
    const path = posix.join(folder, 'package.json');
    const found = files.has(path)
      ? path
      : folder === '.'
        ? undefined
        : nearestTo(posix.dirname(folder));
    nearest.set(folder, found);
    return found;
  }

  return {
    near: (document) => {
      const paths = [nearestTo(posix.dirname(document)), nearestTo('.')];
      return [...new Set(paths.filter((path) => path !== undefined))].map(readOnce);
    },
    all: () =>
      [...files].filter(isPackage).flatMap((path) => {
        try {
          return [readOnce(path)];
        } catch {
          // What is broken in a folder of its own has no scripts; nobody says that it is the one meant.
          return [];
        }
      }),
  };
}

function isPackage(path: string): boolean {
  return path === 'package.json' || path.endsWith('/package.json');
}

function readPackage(where: FileRoot, path: string): PackageScripts {
  const reading = readFileInside(where, path);
  if (reading.kind !== 'read') throw invalid(path, describeUnread(reading));
  const parsed = packageSchema().safeParse(parse(path, reading.bytes.toString('utf8')));
  if (!parsed.success) throw invalid(path, 'its scripts or dependencies are no objects');
  const { scripts, dependencies, devDependencies } = parsed.data;
  return {
    scripts: new Set(Object.keys(scripts ?? {})),
    dependencies: new Set(Object.keys({ ...dependencies, ...devDependencies })),
  };
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (cause) {
    throw invalid(path, 'it is not JSON', cause);
  }
}

function invalid(path: string, reason: string, cause?: unknown): GateError {
  return new GateError('INVALID_FILE', `Cannot read the scripts of '${path}': ${reason}`, {
    cause,
  });
}

let schema: ReturnType<typeof makeSchema> | undefined;
function packageSchema(): ReturnType<typeof makeSchema> {
  return (schema ??= makeSchema());
}

function makeSchema() {
  const names = z.optional(z.record(z.string(), z.unknown()));
  return z.object({ scripts: names, dependencies: names, devDependencies: names });
}
