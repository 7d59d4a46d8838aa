import { join } from 'node:path';

import { messageOf, untrustedReadFlags, withFile } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

/** What a file is that git does not know. */
export type UntrackedSize =
  | { readonly kind: 'binary' }
  | { readonly kind: 'text'; readonly lines: number }
  | { readonly kind: 'too-large'; readonly bytes: number }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Makes what counts lines of files below the root as git counts them; it reads into one buffer for all. */
export function createUntrackedMeter(
  fs: FileSystem,
  root: string,
  maxBytes: number,
): (path: string) => UntrackedSize {
  const buffer = Buffer.allocUnsafe(64 * 1024);
  return (path) => {
    try {
      return measure(fs, join(root, path), { maxBytes, buffer });
    } catch (error) {
      return { kind: 'unreadable', reason: messageOf(error) };
    }
  };
}

interface Room {
  readonly maxBytes: number;
  readonly buffer: Buffer;
}

function measure(fs: FileSystem, place: string, room: Room): UntrackedSize {
  // The content of a symlink is where it leads.
  if (fs.lstat(place).isSymbolicLink()) return { kind: 'text', lines: 1 };
  return withFile(fs, { path: place, flags: untrustedReadFlags }, (fd) => {
    const stats = fs.fstat(fd);
    if (!stats.isFile()) return { kind: 'unreadable', reason: 'it is no regular file' };
    if (stats.size > room.maxBytes) return { kind: 'too-large', bytes: stats.size };
    return countLines(fs, fd, room);
  });
}

/** As many bytes of a file as git looks at to see whether it is binary. */
const binaryProbeBytes = 8000;
const lineFeed = 10;

function countLines(fs: FileSystem, fd: number, { maxBytes, buffer }: Room): UntrackedSize {
  let lines = 0;
  let bytes = 0;
  let last = lineFeed;
  for (;;) {
    const count = fs.read(fd, buffer, bytes);
    if (count === 0) return { kind: 'text', lines: last === lineFeed ? lines : lines + 1 };
    const piece = buffer.subarray(0, count);
    if (bytes < binaryProbeBytes && piece.subarray(0, binaryProbeBytes - bytes).includes(0)) {
      return { kind: 'binary' };
    }
    bytes += count;
    if (bytes > maxBytes) return { kind: 'too-large', bytes };
    lines += countLineFeeds(piece);
    last = piece[count - 1] ?? lineFeed;
  }
}

function countLineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1))
    count += 1;
  return count;
}
