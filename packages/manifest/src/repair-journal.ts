import { dirname } from 'node:path';

import { codeOf, syncFolder, withFile, writeAll } from '@codex-orchestrator/core';
import type { FileSystem, LinePosition } from '@codex-orchestrator/core';

const chunkBytes = 64 * 1024;

/**
 * Cuts what is behind the last newline off a journal and keeps it in a file beside it, durable before
 * the journal is touched: a crash in between leaves the same tail, and one more copy of it. Returns
 * the path of the copy.
 */
export function cutTornTail(journalPath: string, tail: LinePosition, fs: FileSystem): string {
  return withFile(fs, { path: journalPath, flags: 'r+' }, (journal) => {
    const path = makeCopy(journalPath, fs, (copy) => {
      copyFrom(journal, { copy, offset: tail.offset, fs });
      fs.fsync(copy);
    });
    syncFolder(fs, dirname(path));
    fs.ftruncate(journal, tail.offset);
    fs.fsync(journal);
    return path;
  });
}

function makeCopy(journalPath: string, fs: FileSystem, write: (fd: number) => void): string {
  for (let number = 1; ; number += 1) {
    const path = `${journalPath}.torn-${number}`;
    try {
      withFile(fs, { path, flags: 'wx' }, (fd) => {
        writeOrRemove(path, fs, () => {
          write(fd);
        });
      });
      return path;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

/** Half a copy would be taken for all that there was. */
function writeOrRemove(path: string, fs: FileSystem, write: () => void): void {
  try {
    write();
  } catch (error) {
    try {
      fs.unlink(path);
    } catch {
      // The first error counts.
    }
    throw error;
  }
}

function copyFrom(
  source: number,
  { copy, offset, fs }: { readonly copy: number; readonly offset: number; readonly fs: FileSystem },
): void {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  for (let position = offset; ;) {
    const count = fs.read(source, chunk, position);
    if (count === 0) return;
    writeAll(fs, copy, chunk.subarray(0, count));
    position += count;
  }
}
