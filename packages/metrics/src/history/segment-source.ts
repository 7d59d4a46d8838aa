import type { Stats } from 'node:fs';

import { messageOf, nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { MetricsError } from '../errors.js';
import type { ByteSource } from '../scan/byte-source.js';
import { MAX_LINE_BYTES } from './max-line-bytes.js';
import { openFlags } from './open-flags.js';
import { PackedContent } from './packed-content.js';
import type { Segment, SegmentOptions } from './segments.js';

/**
 * An open segment. It stays readable when the file is renamed, compressed or pruned meanwhile. Offsets
 * are those of its content, which for a compressed segment is what it unpacks to.
 */
export interface SegmentSource extends ByteSource, Disposable {
  /** @throws MetricsError `HISTORY_UNREADABLE`, also where the content of a compressed segment is damaged. */
  read(view: Uint8Array, position: number): number;
  /**
   * The line that begins at the offset, without its newline; empty at the end of the content.
   *
   * @throws MetricsError `HISTORY_UNREADABLE`, also for a line of more than 16 MiB.
   */
  readLine(offset: number): Buffer;
  /** Of the open file, as it is now. */
  stats(): Stats;
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
      return compressed ? new CompressedSource(path, source, stats.size) : source;
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
    return attempt(this.#path, () => this.#fs.read(this.#opened(), view, position));
  }

  stats(): Stats {
    return attempt(this.#path, () => this.#fs.fstat(this.#opened()));
  }

  readLine(offset: number): Buffer {
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

  #opened(): number {
    if (this.#fd !== undefined) return this.#fd;
    throw new Error('it is closed');
  }
}

class CompressedSource implements SegmentSource {
  readonly #path: string;
  readonly #file: FileSource;
  readonly #content: PackedContent;

  constructor(path: string, file: FileSource, fileBytes: number) {
    this.#path = path;
    this.#file = file;
    this.#content = new PackedContent((view, position) => file.read(view, position), fileBytes);
  }

  read(view: Uint8Array, position: number): number {
    return attempt(this.#path, () => this.#content.read(view, position));
  }

  readLine(offset: number): Buffer {
    return readLine(this, this.#path, offset);
  }

  stats(): Stats {
    return this.#file.stats();
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

const NEWLINE = 10;
const FIRST_READ_BYTES = 8 * 1024;

function readLine(source: SegmentSource, path: string, offset: number): Buffer {
  let line = Buffer.allocUnsafe(FIRST_READ_BYTES);
  let length = 0;
  for (;;) {
    const count = source.read(line.subarray(length), offset + length);
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
