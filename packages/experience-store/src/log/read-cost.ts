import type { FileSystem } from '@codex-orchestrator/core';

import { openFlags } from './open-flags.js';

const SMALL_BYTES = 4096;

/** What a look-up cost, counted call by call. */
export interface Cost {
  readonly bytesRead: number;
  readonly linesParsed: number;
  readonly filesOpened: number;
}

/** Opens and reads files and counts what of it was done. */
export class CountedFiles {
  bytesRead = 0;
  linesParsed = 0;
  filesOpened = 0;
  readonly fs: FileSystem;

  constructor(fs: FileSystem) {
    this.fs = fs;
  }

  get cost(): Cost {
    const { bytesRead, linesParsed, filesOpened } = this;
    return { bytesRead, linesParsed, filesOpened };
  }

  open(path: string): number {
    const fd = this.fs.open(path, openFlags.read);
    this.filesOpened++;
    return fd;
  }

  close(fd: number): void {
    try {
      this.fs.close(fd);
    } catch {
      // Nothing was written, and the descriptor is gone in either case.
    }
  }

  /** Fills the view as far as the file goes; returns how many bytes there were. */
  read(fd: number, view: Uint8Array, position: number): number {
    let filled = 0;
    while (filled < view.byteLength) {
      const count = this.fs.read(
        fd,
        filled === 0 ? view : view.subarray(filled),
        position + filled,
      );
      if (count === 0) break;
      filled += count;
    }
    this.bytesRead += filled;
    return filled;
  }

  /**
   * The whole content of a file that shows itself whether it is all there: a file system that gives less
   * than it has seems to have no more.
   */
  readWhole(path: string, maxBytes: number): Buffer {
    const fd = this.open(path);
    try {
      // Few files are larger, and only those are asked how large they are.
      const first = Buffer.allocUnsafe(SMALL_BYTES);
      const count = this.fs.read(fd, first, 0);
      if (count < SMALL_BYTES) {
        this.bytesRead += count;
        return first.subarray(0, count);
      }
      const { size } = this.fs.fstat(fd);
      if (size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
      this.bytesRead += count;
      const bytes = Buffer.allocUnsafe(size);
      first.copy(bytes);
      return bytes.subarray(0, count + this.read(fd, bytes.subarray(count), count));
    } finally {
      this.close(fd);
    }
  }
}
