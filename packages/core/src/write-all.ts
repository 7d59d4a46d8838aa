import type { FileSystem } from './file-system.js';

/**
 * Writes the whole view at the file's own offset, however many calls it takes. A full disk answers
 * with a short count and no error; only the next call fails, so every count is checked.
 *
 * @throws Error when a call writes nothing, and the errno errors of `write`.
 */
export function writeAll(fs: FileSystem, fd: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.byteLength) {
    const count = fs.write(fd, written === 0 ? bytes : bytes.subarray(written), null);
    if (count <= 0) throw new Error(`wrote ${written} of ${bytes.byteLength} bytes, then nothing`);
    written += count;
  }
}
