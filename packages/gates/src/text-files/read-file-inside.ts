import {
  codeOf,
  messageOf,
  resolveInside,
  untrustedReadFlags,
  withFile,
} from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

/** What came of reading a file that anybody may have put there. */
export type FileReading =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  | { readonly kind: 'missing' }
  /** Its path leads out of the root. */
  | { readonly kind: 'outside' }
  | { readonly kind: 'too-large'; readonly maxBytes: number }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Where files are read from. */
export interface FileRoot {
  /** Absolute. */
  readonly root: string;
  readonly fs: FileSystem;
}

/** No document is larger: what is has another purpose than to be read by people. */
export const maxDocumentBytes = 4 * 1024 * 1024;

/**
 * Reads one file below a root. Symlinks are followed as long as they stay inside; a pipe, a folder or a
 * device is `unreadable` and keeps nobody waiting, and so is one that is cut while it is read. Never throws.
 *
 * @param path Relative to the root, or absolute and inside of it.
 * @param maxBytes A larger file is not read. @default 4 MiB
 */
export function readFileInside(
  { root, fs }: FileRoot,
  path: string,
  maxBytes: number = maxDocumentBytes,
): FileReading {
  let target: string;
  try {
    target = fs.realpath(resolveInside(root, path, { fs }));
  } catch (error) {
    if (isMissing(error)) return { kind: 'missing' };
    if (codeOf(error) === 'PATH_ESCAPES_ROOT') return { kind: 'outside' };
    return { kind: 'unreadable', reason: messageOf(error) };
  }
  try {
    return withFile(fs, { path: target, flags: untrustedReadFlags }, (fd) =>
      readOpen(fs, fd, maxBytes),
    );
  } catch (error) {
    if (isMissing(error)) return { kind: 'missing' };
    return { kind: 'unreadable', reason: messageOf(error) };
  }
}

/** Why a file could not be read, as a clause: `it is not there`. */
export function describeUnread(reading: Exclude<FileReading, { readonly kind: 'read' }>): string {
  switch (reading.kind) {
    case 'missing':
      return 'it is not there';
    case 'outside':
      return 'its path leads out of the repository';
    case 'too-large':
      return `it is larger than ${reading.maxBytes} bytes`;
    case 'unreadable':
      return reading.reason;
  }
}

function readOpen(fs: FileSystem, fd: number, maxBytes: number): FileReading {
  const stats = fs.fstat(fd);
  if (!stats.isFile()) return { kind: 'unreadable', reason: 'it is not a file' };
  if (stats.size > maxBytes) return { kind: 'too-large', maxBytes };
  // One byte more than the size: the read that finds the end is the same one, and growth shows.
  let buffer = Buffer.allocUnsafe(stats.size + 1);
  let length = 0;
  for (;;) {
    const count = fs.read(fd, buffer.subarray(length), length);
    if (count === 0) break;
    length += count;
    if (length > maxBytes) return { kind: 'too-large', maxBytes };
    if (length === buffer.byteLength) buffer = Buffer.concat([buffer], length * 2);
  }
  // What was cut must not be taken for all there is: it is judged, and may be written back.
  if (length < stats.size) return { kind: 'unreadable', reason: 'it was cut while it was read' };
  return { kind: 'read', bytes: buffer.subarray(0, length) };
}

function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
