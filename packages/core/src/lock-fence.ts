import type { Clock } from './clock.js';
import type { FileSystem } from './file-system.js';
import { nodeFs } from './node-modules.js';
import { withFile } from './with-file.js';
import { writeAll } from './write-all.js';

/** The open counter of a lock's holders, `<lock>.fence`. */
export interface FenceCounter {
  /** The number that the next holder will get if nobody draws before. */
  readonly expected: number;
  /** Draws a number greater than all before it. Only the holder of the lock may draw. */
  draw(): number;
}

/**
 * Opens the counter of a lock, an empty one if there is none, for the time of one function.
 *
 * A number is on file before it is handed out. It is one more than the last, and at least the time in
 * milliseconds: should the file be removed, damaged, or thrown back by a power cut, the count goes on
 * above the numbers that are in use. A crash skips a number at most. The file is written in place, by
 * one write of fixed length inside one page, which a kill cannot divide.
 */
export function withFence<T>(
  lock: { readonly path: string; readonly fs: FileSystem; readonly clock: Clock },
  use: (fence: FenceCounter) => T,
): T {
  const { fs, clock } = lock;
  const flags = nodeFs.constants.O_RDWR | nodeFs.constants.O_CREAT;
  return withFile(fs, { path: `${lock.path}.fence`, flags, mode: 0o666 }, (fd) => {
    const expected = Math.max(readLast(fs, fd) + 1, Math.ceil(clock.nowMs()));
    return use({ expected, draw: () => drawNext(fs, fd, expected) });
  });
}

function drawNext(fs: FileSystem, fd: number, expected: number): number {
  const next = Math.max(readLast(fs, fd) + 1, expected);
  writeAll(fs, fd, Buffer.from(`${String(next).padStart(FENCE_DIGITS, '0')}\n`));
  return next;
}

const FENCE_DIGITS = 16;
const ZERO = 0x30;

/** The number on file; 0 for a new, empty or damaged file, after which the clock decides. */
function readLast(fs: FileSystem, fd: number): number {
  const bytes = Buffer.allocUnsafe(FENCE_DIGITS + 2);
  if (fs.read(fd, bytes, 0) !== FENCE_DIGITS + 1) return 0;
  let last = 0;
  for (let index = 0; index < FENCE_DIGITS; index += 1) {
    const digit = (bytes[index] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return 0;
    last = last * 10 + digit;
  }
  return last < Number.MAX_SAFE_INTEGER ? last : 0;
}
