import { isUtf8 } from 'node:buffer';
import { resolve } from 'node:path';

import { readFile, resolveInside } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { codeOf, messageOf } from '../errors.js';

export type FileReading =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  /** `detail` is a clause such as `it is a folder`. */
  | { readonly kind: 'unusable'; readonly detail: string };

export interface FilePlace {
  readonly root: string;
  /** Relative to the root. */
  readonly path: string;
  readonly maxBytes: number;
  readonly fs: FileSystem;
}

/**
 * The text of a regular file below a root, wherever symlinks inside the root lead. Nothing is opened
 * that lies outside, that is no regular file (a pipe would block, a device may act) or that is larger
 * than `maxBytes`. Never throws.
 */
export function readContainedText(place: FilePlace): FileReading {
  const { root, path, maxBytes, fs } = place;
  try {
    const stats = fs.stat(resolve(root, path));
    const absolute = locate(place);
    if (absolute === undefined) return unusable('it leads out of the root');
    if (stats.isDirectory()) return unusable('it is a folder');
    if (!stats.isFile()) return unusable('it is no regular file');
    if (stats.size > maxBytes) {
      return unusable(`it has ${stats.size} bytes, more than the ${maxBytes} that are read`);
    }
    const bytes = readFile(fs, absolute, maxBytes);
    // Two files that differ in broken bytes alone would otherwise give one text and one digest.
    if (!isUtf8(bytes)) return unusable('it is not UTF-8 text');
    return { kind: 'text', text: bytes.toString('utf8') };
  } catch (error) {
    return readingOfFailure(place, error);
  }
}

function locate({ root, path, fs }: FilePlace): string | undefined {
  try {
    return resolveInside(root, path, { fs });
  } catch {
    return undefined;
  }
}

function readingOfFailure(place: FilePlace, error: unknown): FileReading {
  const code = codeOf(error);
  if (code === 'ENOENT' && isLink(place)) return unusable('it is a symlink that leads nowhere');
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
  return unusable(`it cannot be read: ${messageOf(error)}`);
}

function isLink({ root, path, fs }: FilePlace): boolean {
  try {
    return fs.lstat(resolve(root, path)).isSymbolicLink();
  } catch {
    return false;
  }
}

function unusable(detail: string): FileReading {
  return { kind: 'unusable', detail };
}
