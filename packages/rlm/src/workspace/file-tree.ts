import { join } from 'node:path';

import { readFile, writeAll, withFile } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

/** The index of a large repository has some hundred megabytes. */
const maxBytes = 2 ** 31;

/** The content of a file; undefined where there is none that can be read. */
export function readIfThere(fs: FileSystem, path: string): Buffer | undefined {
  try {
    // A pipe would never answer.
    if (!fs.stat(path).isFile()) return undefined;
    return readFile(fs, path, maxBytes);
  } catch {
    return undefined;
  }
}

/** Writes a file anew, not atomically: for what nobody reads before it is complete. */
export function writeNew(fs: FileSystem, path: string, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  withFile(fs, { path, flags: 'w' }, (fd) => {
    writeAll(fs, fd, bytes);
  });
}

/** Of the thing itself, no link followed. */
export function isFile(fs: FileSystem, path: string): boolean {
  return isThere(fs, path) && fs.lstat(path).isFile();
}

/** Of the thing itself, no link followed. */
export function isFolder(fs: FileSystem, path: string): boolean {
  return isThere(fs, path) && fs.lstat(path).isDirectory();
}

/** Whether there is anything of this name, a link that leads nowhere included. */
export function isThere(fs: FileSystem, path: string): boolean {
  try {
    fs.lstat(path);
    return true;
  } catch {
    return false;
  }
}

/** Removes a file, or a folder with everything in it; no link is followed. What is not there is no error. */
export function removeTree(fs: FileSystem, path: string): void {
  if (!isThere(fs, path)) return;
  if (!fs.lstat(path).isDirectory()) {
    fs.unlink(path);
    return;
  }
  for (const name of fs.readdir(path)) removeTree(fs, join(path, name));
  fs.rmdir(path);
}
