import { createSha256, messageOf, writeAll } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import type { LogFailure, LogReport } from '@codex-orchestrator/exec';

/** As much as exec keeps of a command's log. */
const defaultMaxBytes = 64 * 1024 * 1024;

export interface StageLogOptions {
  readonly fs: FileSystem;
  readonly maxBytes: number | undefined;
}

/** The log that a loop or a gate tells its story in. Never throws: a story that cannot be written is no verdict. */
export class StageLog {
  readonly #path: string;
  readonly #fs: FileSystem;
  readonly #maxBytes: number;
  readonly #digest = createSha256();
  #fd: number | undefined;
  #bytes = 0;
  #seenBytes = 0;
  #error: LogFailure | undefined;

  constructor(path: string, { fs, maxBytes = defaultMaxBytes }: StageLogOptions) {
    this.#path = path;
    this.#fs = fs;
    this.#maxBytes = maxBytes;
    this.#attempt(() => {
      // Anew: on a pipe that an earlier stage put there an open would wait for ever.
      removeOld(path, fs);
      this.#fd = fs.open(path, 'wx');
    });
  }

  /** Lines beyond the limit, and all behind them, are left out. */
  write(bytes: Buffer): void {
    const isWhole = this.#seenBytes === this.#bytes;
    this.#seenBytes += bytes.length;
    const fd = this.#fd;
    if (fd === undefined || this.#error || !isWhole || this.#seenBytes > this.#maxBytes) return;
    this.#attempt(() => {
      writeAll(this.#fs, fd, bytes);
      this.#digest.update(bytes);
      this.#bytes += bytes.length;
    });
  }

  finish(): LogReport {
    const fd = this.#fd;
    this.#fd = undefined;
    this.#attempt(() => {
      if (fd !== undefined) this.#fs.close(fd);
    });
    const report = {
      path: this.#path,
      bytes: this.#bytes,
      seenBytes: this.#seenBytes,
      omittedBytes: this.#seenBytes - this.#bytes,
    };
    return this.#error
      ? { ...report, error: this.#error }
      : { ...report, sha256: this.#digest.digest('hex') };
  }

  #attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      const { code = 'UNKNOWN' } = error as NodeJS.ErrnoException;
      this.#error ??= { code, message: messageOf(error) };
    }
  }
}

function removeOld(path: string, fs: FileSystem): void {
  try {
    fs.unlink(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
