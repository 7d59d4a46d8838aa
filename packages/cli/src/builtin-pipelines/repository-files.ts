import { join } from 'node:path';

import {
  nodeFileSystem,
  resolveInside,
  untrustedReadFlags,
  withFile,
} from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

/** The files in a root itself that say how a repository is built; each is read once at most. */
export interface RepositoryFiles {
  /** Absolute. */
  readonly root: string;
  /** Whether there is a file of this name. */
  has(name: string): boolean;
  /** A file as text; empty where there is none, or none that can be read. */
  text(name: string): string;
  /** Why files that are there could not be read, by name. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** Files that say how something is built are pages of text. */
const maxBytes = 1024 * 1024;

/**
 * Looks at single names in a root: what they cost does not depend on what else lies there. Symlinks are
 * followed inside the root alone, and nothing waits for a pipe.
 */
export function openRepositoryFiles(
  root: string,
  fs: FileSystem = nodeFileSystem,
): RepositoryFiles {
  const texts = new Map<string, string>();
  const unreadable = new Map<string, string>();
  const attempt = <Value>(name: string, look: () => Value): Value | undefined => {
    try {
      return look();
    } catch (error) {
      if (!isMissing(error)) unreadable.set(name, (error as Error).message);
      return undefined;
    }
  };
  return {
    root,
    unreadable,
    has: (name) => attempt(name, () => isFileInside(root, name, fs)) === true,
    text(name) {
      const known = texts.get(name);
      if (known !== undefined) return known;
      const text = attempt(name, () => readInside(root, name, fs)) ?? '';
      texts.set(name, text);
      return text;
    },
  };
}

/** Throws where the name leads out of the root. */
function isFileInside(root: string, name: string, fs: FileSystem): boolean {
  if (!fs.stat(join(root, name)).isFile()) return false;
  resolveInside(root, name, { fs });
  return true;
}

function readInside(root: string, name: string, fs: FileSystem): string {
  if (!isFileInside(root, name, fs)) return '';
  const path = fs.realpath(join(root, name));
  return withFile(fs, { path, flags: untrustedReadFlags }, (fd) => {
    const { size } = fs.fstat(fd);
    if (size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
    const bytes = Buffer.alloc(size);
    let length = 0;
    for (let count = -1; count !== 0 && length < size; length += count) {
      count = fs.read(fd, bytes.subarray(length), length);
    }
    return bytes.toString('utf8', 0, length).replace(/^\uFEFF/, '');
  });
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
