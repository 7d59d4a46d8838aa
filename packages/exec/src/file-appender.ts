import type { FileSystem } from '@codex-orchestrator/core';

import type { Sha256 } from './sha256.js';

export interface FileAppenderOptions {
  readonly flags: 'w' | 'wx';
  readonly fs: FileSystem;
  /** Is given what was written. */
  readonly digest?: Sha256;
}

/** A file that grows: writes whole buffers and always knows how many bytes are in it. */
export class FileAppender {
  readonly path: string;
  readonly #fs: FileSystem;
  readonly #digest: Sha256 | undefined;
  readonly #fd: number;
  #bytes = 0;

  constructor(path: string, { flags, fs, digest }: FileAppenderOptions) {
    this.path = path;
    this.#fs = fs;
    this.#digest = digest;
    this.#fd = fs.open(path, flags);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** On an error `bytes` counts what was written before it. */
  append(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0) {
      // A full disk shows as a short count first; only the next call says why.
      const written = this.#fs.write(this.#fd, rest, null);
      if (written === 0) throw stalled(this.path);
      this.#bytes += written;
      this.#digest?.update(rest.subarray(0, written));
      rest = rest.subarray(written);
    }
  }

  truncate(length: number): void {
    this.#fs.ftruncate(this.#fd, length);
    this.#bytes = length;
  }

  close(): void {
    this.#fs.close(this.#fd);
  }
}

function stalled(path: string): Error {
  return Object.assign(new Error(`Writing to "${path}" made no progress`), { code: 'EIO' });
}
