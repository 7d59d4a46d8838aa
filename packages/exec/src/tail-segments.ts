import { untrustedReadFlags } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { FileAppender } from './file-appender.js';

const copyBytes = 64 * 1024;

/**
 * Keeps at least the newest `capacity` bytes of an endless stream on disk. Two files that are
 * filled in turn, where a ring in one file would do, because these can be read after a crash: each
 * is in order, and its name says which is older.
 */
export class TailSegments {
  readonly #path: string;
  readonly #capacity: number;
  readonly #fs: FileSystem;
  #current: FileAppender;
  #hasPrevious = false;
  #totalBytes = 0;

  constructor(path: string, capacity: number, fs: FileSystem) {
    this.#path = path;
    this.#capacity = capacity;
    this.#fs = fs;
    this.#current = createSegment(path, fs);
  }

  /** Bytes that were ever appended. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  append(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#current.bytes === this.#capacity) this.#rotate();
      const part = rest.subarray(0, this.#capacity - this.#current.bytes);
      this.#current.append(part);
      this.#totalBytes += part.length;
      rest = rest.subarray(part.length);
    }
  }

  /** Appends the newest `count` bytes, at most the capacity, to another file. */
  copyLast(count: number, target: FileAppender): void {
    const fromCurrent = Math.min(count, this.#current.bytes);
    const fromPrevious = count - fromCurrent;
    if (fromPrevious > 0) {
      this.#copy(previousPath(this.#path), this.#capacity - fromPrevious, target);
    }
    this.#copy(this.#path, this.#current.bytes - fromCurrent, target);
  }

  close(): void {
    this.#current.close();
  }

  /** Removes the files. */
  remove(): void {
    this.#fs.unlink(this.#path);
    if (this.#hasPrevious) this.#fs.unlink(previousPath(this.#path));
  }

  #rotate(): void {
    this.#current.close();
    this.#fs.rename(this.#path, previousPath(this.#path));
    this.#hasPrevious = true;
    this.#current = createSegment(this.#path, this.#fs);
  }

  #copy(path: string, start: number, target: FileAppender): void {
    const view = Buffer.allocUnsafe(copyBytes);
    const fd = this.#fs.open(path, untrustedReadFlags);
    try {
      let position = start;
      for (;;) {
        const read = this.#fs.read(fd, view, position);
        if (read === 0) return;
        target.append(view.subarray(0, read));
        position += read;
      }
    } finally {
      this.#fs.close(fd);
    }
  }
}

/** Removes segments that a crashed run left behind under the same name. */
export function removeSegments(path: string, fs: FileSystem): void {
  for (const leftover of [path, previousPath(path)]) removeFile(leftover, fs);
}

function previousPath(path: string): string {
  return `${path}.previous`;
}

/** Anew: the command whose output it is may have put something in its place. */
function createSegment(path: string, fs: FileSystem): FileAppender {
  removeFile(path, fs);
  return new FileAppender(path, { flags: 'wx', fs });
}

function removeFile(path: string, fs: FileSystem): void {
  try {
    fs.unlink(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
