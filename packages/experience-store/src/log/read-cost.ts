import type { FileSystem } from '@codex-orchestrator/core';

import { openFlags } from './open-flags.js';

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

  /** The whole content of a file that is not expected to grow. */
  readWhole(path: string, maxBytes: number): Buffer {
    const fd = this.open(path);
    try {
      const { size } = this.fs.fstat(fd);
      if (size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
      const bytes = Buffer.allocUnsafe(size);
      return bytes.subarray(0, this.read(fd, bytes, 0));
    } finally {
      this.close(fd);
    }
  }
}
