import { setImmediate as nextTurn } from 'node:timers/promises';

import { createSha256, untrustedReadFlags } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import type { Artifact } from './manifest.js';

const chunkBytes = 256 * 1024;
const bytesPerTurn = 8 * 1024 * 1024;

/**
 * What a file holds, read in pieces of one size whatever its own; other work gets its turn in between.
 * A symlink is not followed.
 */
export async function digestFile(
  path: string,
  fs: FileSystem,
): Promise<Pick<Artifact, 'bytes' | 'sha256'>> {
  const fd = fs.open(path, untrustedReadFlags);
  try {
    const stats = fs.fstat(fd);
    if (!stats.isFile()) throw new Error(`"${path}" is no regular file`);
    const chunk = Buffer.allocUnsafe(Math.min(stats.size + 1, chunkBytes));
    const hash = createSha256();
    let bytes = 0;
    for (let sinceTurn = 0; ;) {
      const count = fs.read(fd, chunk, bytes);
      if (count === 0) {
        if (bytes < stats.size) throw new Error(`"${path}" ended after ${bytes} bytes`);
        return { bytes, sha256: hash.digest('hex') };
      }
      hash.update(chunk.subarray(0, count));
      bytes += count;
      sinceTurn += count;
      if (sinceTurn < bytesPerTurn) continue;
      sinceTurn = 0;
      await nextTurn();
    }
  } finally {
    closeQuietly(fd, fs);
  }
}

function closeQuietly(fd: number, fs: FileSystem): void {
  try {
    fs.close(fd);
  } catch {
    // Nothing was written.
  }
}
