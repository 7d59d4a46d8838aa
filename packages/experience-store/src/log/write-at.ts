import type { FileSystem } from '@codex-orchestrator/core';

/**
 * Writes all bytes at a position of a file that is not open for appending, however many calls it takes.
 *
 * @throws Error when a call writes nothing; the errno errors of the file system.
 */
export function writeAt(fs: FileSystem, fd: number, bytes: Buffer, position: number): void {
  for (let written = 0; written < bytes.byteLength;) {
    const count = fs.write(fd, bytes.subarray(written), position + written);
    if (count <= 0) throw new Error(`wrote ${written} of ${bytes.byteLength} bytes, then nothing`);
    written += count;
  }
}
