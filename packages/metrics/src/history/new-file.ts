import { basename, dirname } from 'node:path';

import { codeOf, syncFolder, writeAll } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { openFlags } from './open-flags.js';
import type { Segment } from './segments.js';

/** A file that is written beside the one it will be, and goes with its disposal unless it became that. */
export class NewFile implements Disposable {
  bytes = 0;

  readonly #path: string;
  /** One name for all tries: what a crash leaves, the next try removes. */
  readonly #tempPath: string;
  readonly #fs: FileSystem;
  #fd: number | undefined;

  constructor(path: string, fs: FileSystem) {
    this.#path = path;
    this.#tempPath = `${path}.tmp`;
    this.#fs = fs;
    this.#removeTemp();
    this.#fd = fs.open(this.#tempPath, openFlags.create, 0o666);
  }

  write(bytes: Uint8Array): void {
    if (this.#fd === undefined) throw new Error('Internal error: the file is finished');
    writeAll(this.#fs, this.#fd, bytes);
    this.bytes += bytes.byteLength;
  }

  /** Makes it durable under its other name, as which it can be read. */
  finish(): Segment {
    const fd = this.#fd;
    if (fd === undefined) throw new Error('Internal error: the file is finished');
    const { size: bytes, mtimeMs, ino: inode } = this.#fs.fstat(fd);
    if (bytes !== this.bytes) throw new Error(`the file has ${bytes} of ${this.bytes} bytes`);
    this.#fs.fsync(fd);
    this.#fd = undefined;
    this.#fs.close(fd);
    const compressed = this.#path.endsWith('.gz');
    const path = this.#tempPath;
    return { name: basename(path), path, live: false, compressed, bytes, mtimeMs, inode };
  }

  /** Gives it its name. An old file of another name goes once the new one is there for good. */
  putInPlaceOf(old: Segment): void {
    this.#fs.rename(this.#tempPath, this.#path);
    syncFolder(this.#fs, dirname(this.#path));
    if (old.path !== this.#path) this.#fs.unlink(old.path);
  }

  [Symbol.dispose](): void {
    try {
      if (this.#fd !== undefined) this.#fs.close(this.#fd);
      this.#removeTemp();
    } catch {
      // The first error counts, and the next try removes what is left.
    }
    this.#fd = undefined;
  }

  #removeTemp(): void {
    try {
      this.#fs.unlink(this.#tempPath);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
}
