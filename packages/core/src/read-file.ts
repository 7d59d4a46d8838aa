import type { FileSystem } from './file-system.js';
import { openWaitless } from './open-waitless.js';
import { useFile } from './with-file.js';

/**
 * The whole content of a file, with every short count followed up.
 *
 * @throws Error when the file is larger than `maxBytes` or is a pipe, a socket or a device, and the errno errors of the file system.
 */
export function readFile(fs: FileSystem, path: string, maxBytes: number): Buffer {
  return useFile(fs, openWaitless(fs, path), (fd) => {
    // One byte more than the size: the read that finds the end is the same one, and growth shows.
    let buffer = Buffer.allocUnsafe(Math.min(fs.fstat(fd).size, maxBytes) + 1);
    let length = 0;
    for (;;) {
      const count = fs.read(fd, buffer.subarray(length), length);
      if (count === 0) return buffer.subarray(0, length);
      length += count;
      if (length > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
      if (length === buffer.byteLength) buffer = Buffer.concat([buffer], length * 2);
    }
  });
}
