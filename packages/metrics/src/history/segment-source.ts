import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { MetricsError, messageOf } from '../errors.js';
import type { ByteSource } from '../scan/byte-source.js';
import { GunzipReader } from './gunzip-reader.js';
import { openFlags } from './open-flags.js';
import type { Segment, SegmentOptions } from './segments.js';

/**
 * An open segment. It stays readable when the file is renamed, compressed or pruned meanwhile. Offsets
 * are those of its content, which for a compressed segment is what it unpacks to; such a one is read from
 * front to back, and each step back unpacks it anew.
 */
export interface SegmentSource extends ByteSource, Disposable {
  /** @throws MetricsError `HISTORY_UNREADABLE`, also where the content of a compressed segment is damaged. */
  read(view: Uint8Array, position: number): number | Promise<number>;
  /**
   * The line that begins at the offset, without its newline; empty at the end of the content.
   *
   * @throws MetricsError `HISTORY_UNREADABLE`, also for a line of more than 16 MiB.
   */
  readLine(offset: number): Promise<Buffer>;
}

/**
 * Opens a segment as it was listed.
 *
 * @throws MetricsError `HISTORY_UNREADABLE`, also where another file has its name by now, as after a
 * rotation: list the segments again then.
 */
export function openSegment(segment: Segment, options: SegmentOptions = {}): SegmentSource {
  const { fs = nodeFileSystem } = options;
  const { path, inode, compressed } = segment;
  return attempt(path, () => {
    const fd = fs.open(path, openFlags.read);
    const source = new FileSource(path, fd, fs);
    try {
      const stats = fs.fstat(fd);
      if (!stats.isFile()) throw new Error('it is not a regular file');
      if (compressed && stats.size === 0) throw new Error('it is empty, which no gzip file is');
      if (stats.ino !== inode) throw new Error('another file has its name by now');
      return compressed ? new CompressedSource(path, source) : source;
    } catch (error) {
      source[Symbol.dispose]();
      throw error;
    }
  });
}

class FileSource implements SegmentSource {
  readonly #path: string;
  readonly #fs: FileSystem;
  #fd: number | undefined;

  constructor(path: string, fd: number, fs: FileSystem) {
    this.#path = path;
    this.#fd = fd;
    this.#fs = fs;
  }

  read(view: Uint8Array, position: number): number {
    return attempt(this.#path, () => {
      if (this.#fd === undefined) throw new Error('it is closed');
      return this.#fs.read(this.#fd, view, position);
    });
  }

  readLine(offset: number): Promise<Buffer> {
    return readLine(this, this.#path, offset);
  }

  [Symbol.dispose](): void {
    const fd = this.#fd;
    if (fd === undefined) return;
    this.#fd = undefined;
    try {
      this.#fs.close(fd);
    } catch {
      // Nothing was written, and the descriptor is gone in either case.
    }
  }
}

class CompressedSource implements SegmentSource {
  readonly #path: string;
  readonly #file: FileSource;
  readonly #content: GunzipReader;

  constructor(path: string, file: FileSource) {
    this.#path = path;
    this.#file = file;
    this.#content = new GunzipReader((view, position) => file.read(view, position));
  }

  async read(view: Uint8Array, position: number): Promise<number> {
    try {
      return await this.#content.read(view, position);
    } catch (error) {
      throw unreadable(this.#path, error);
    }
  }

  readLine(offset: number): Promise<Buffer> {
    return readLine(this, this.#path, offset);
  }

  [Symbol.dispose](): void {
    this.#content[Symbol.dispose]();
    this.#file[Symbol.dispose]();
  }
}

const NEWLINE = 10;
const FIRST_READ_BYTES = 8 * 1024;
const MAX_LINE_BYTES = 16 * 1024 * 1024;

async function readLine(source: ByteSource, path: string, offset: number): Promise<Buffer> {
  let line = Buffer.allocUnsafe(FIRST_READ_BYTES);
  let length = 0;
  for (;;) {
    const count = await source.read(line.subarray(length), offset + length);
    const newline = line.subarray(length, length + count).indexOf(NEWLINE);
    if (newline !== -1) return line.subarray(0, length + newline);
    if (count === 0) return line.subarray(0, length);
    length += count;
    if (length > MAX_LINE_BYTES)
      throw unreadable(path, new Error(`its line at ${offset} is too long`));
    if (length === line.byteLength) line = Buffer.concat([line], length * 2);
  }
}

function attempt<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: unknown): MetricsError {
  if (cause instanceof MetricsError) return cause;
  const message = `Cannot read the history "${path}": ${messageOf(cause)}`;
  return new MetricsError('HISTORY_UNREADABLE', message, { path, cause });
}
