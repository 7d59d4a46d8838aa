import { isUtf8 } from 'node:buffer';
import type { Stats } from 'node:fs';
import { resolve } from 'node:path';

import { codeOf, messageOf, readFile, resolveInside } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { isPlainPath } from './check-values.js';

export type FileReading =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  /** `detail` is a clause such as `it is a folder`. */
  | { readonly kind: 'unusable'; readonly detail: string };

/** Reads a file by its path relative to the root. Never throws. */
export type ContainedReader = (path: string) => FileReading;

export interface ContainedReaderOptions {
  readonly root: string;
  /** A larger file is not read. */
  readonly maxBytes: number;
  readonly fs: FileSystem;
}

/**
 * Reads texts of regular files below a root, wherever symlinks inside the root lead. Nothing is
 * opened that lies outside, that is no regular file (a pipe would block, a device may act) or that is
 * too large. Folders that were found to lie inside are not examined again by the same reader.
 */
export function createContainedReader(options: ContainedReaderOptions): ContainedReader {
  const { root, fs, maxBytes } = options;
  const folders = new Map<string, boolean>();

  /** What is no symlink lies where its folder lies: many files of one folder cost one look. */
  function isInside(path: string, isLink: boolean): boolean {
    if (isLink || !isPlainPath(path)) return staysInside(path, options);
    const folder = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    let known = folders.get(folder);
    if (known === undefined) {
      known = folder === '' || isInside(folder, fs.lstat(`${root}/${folder}`).isSymbolicLink());
      folders.set(folder, known);
    }
    return known;
  }

  return (path) => {
    let isLink = false;
    try {
      const place = isPlainPath(path) ? `${root}/${path}` : resolve(root, path);
      let stats = fs.lstat(place);
      isLink = stats.isSymbolicLink();
      if (isLink) stats = fs.stat(place);
      const detail = isInside(path, isLink)
        ? whyNotRead(stats, maxBytes)
        : 'it leads out of the root';
      return detail === undefined
        ? textOf(readFile(fs, place, maxBytes))
        : { kind: 'unusable', detail };
    } catch (error) {
      return readingOfFailure(error, isLink);
    }
  };
}

function staysInside(path: string, { root, fs }: ContainedReaderOptions): boolean {
  try {
    resolveInside(root, path, { fs });
    return true;
  } catch {
    return false;
  }
}

function whyNotRead(stats: Stats, maxBytes: number): string | undefined {
  if (stats.isDirectory()) return 'it is a folder';
  if (!stats.isFile()) return 'it is no regular file';
  if (stats.size <= maxBytes) return undefined;
  return `it has ${stats.size} bytes, more than the ${maxBytes} that are read`;
}

function textOf(bytes: Buffer): FileReading {
  // Two files that differ in broken bytes alone would otherwise give one text and one digest.
  return isUtf8(bytes)
    ? { kind: 'text', text: bytes.toString('utf8') }
    : { kind: 'unusable', detail: 'it is not UTF-8 text' };
}

function readingOfFailure(error: unknown, isLink: boolean): FileReading {
  const code = codeOf(error);
  if (code !== 'ENOENT' && code !== 'ENOTDIR') {
    return { kind: 'unusable', detail: `it cannot be read: ${messageOf(error)}` };
  }
  if (isLink) return { kind: 'unusable', detail: 'it is a symlink that leads nowhere' };
  return { kind: 'missing' };
}
