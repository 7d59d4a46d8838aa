import { codeOf, withFile } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { openFlags } from './open-flags.js';

const CHUNK_BYTES = 2 ** 18;

/**
 * Looks for bytes in a file, from its start to its end. Returns where they are; `undefined` when they are
 * nowhere, or there is no file.
 */
export function fileHolds(
  path: string,
  needle: Buffer,
  fs: FileSystem,
): { readonly offset: number; readonly isExact: boolean } | undefined {
  try {
    return withFile(fs, { path, flags: openFlags.read }, (fd) => {
      const offset = search(fd, needle, fs);
      return offset === -1 ? undefined : { offset, isExact: false };
    });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function search(fd: number, needle: Buffer, fs: FileSystem): number {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES + needle.byteLength);
  let kept = 0;
  for (let position = 0; ;) {
    const count = fs.read(fd, buffer.subarray(kept), position);
    if (count === 0) return -1;
    const filled = buffer.subarray(0, kept + count);
    const at = filled.indexOf(needle);
    if (at !== -1) return position - kept + at;
    position += count;
    // Needles that lie across two reads are found too.
    const next = Math.min(filled.byteLength, needle.byteLength - 1);
    filled.copyWithin(0, filled.byteLength - next);
    kept = next;
  }
}
