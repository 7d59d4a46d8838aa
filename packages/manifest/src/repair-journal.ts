import { readFile, withFile, writeAll } from '@codex-orchestrator/core';
import type { FileSystem, LinePosition } from '@codex-orchestrator/core';

import { codeOf } from './errors.js';

/** A cut line is at most as long as the line that was being written. */
const maxTornBytes = 64 * 1024 * 1024;

/**
 * Cuts what is behind the last newline off a journal and keeps it in a file beside it, durable before
 * the journal is touched: a crash in between leaves the same tail, and one more copy of it. Returns
 * the path of the copy.
 */
export function cutTornTail(journalPath: string, tail: LinePosition, fs: FileSystem): string {
  const bytes = readFile(fs, journalPath, tail.offset + maxTornBytes).subarray(tail.offset);
  const path = writeCopy(journalPath, bytes, fs);
  withFile(fs, { path: journalPath, flags: 'r+' }, (fd) => {
    fs.ftruncate(fd, tail.offset);
    fs.fsync(fd);
  });
  return path;
}

function writeCopy(journalPath: string, bytes: Uint8Array, fs: FileSystem): string {
  for (let number = 1; ; number += 1) {
    const path = `${journalPath}.torn-${number}`;
    try {
      withFile(fs, { path, flags: 'wx' }, (fd) => {
        writeAll(fs, fd, bytes);
        fs.fsync(fd);
      });
      return path;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}
