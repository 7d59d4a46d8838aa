import type { Stats } from 'node:fs';
import { dirname } from 'node:path';

import type { Durability } from './atomic-write.js';
import type { Clock } from './clock.js';
import { CoreError } from './errors.js';
import type { OnDisk } from './errors.js';
import { nodeFileSystem } from './file-system.js';
import type { FileSystem } from './file-system.js';
import { messageOf } from './message-of.js';
import { syncFolder } from './sync-folder.js';
import { closeQuietly } from './with-file.js';

const NEWLINE = 10;

export interface AppendOptions {
  /**
   * `power` syncs after each append.
   *
   * @default 'process'
   */
  readonly durability?: Durability;
  /**
   * Permission bits of a file that does not exist yet, less those of the umask.
   *
   * @default 0o666
   */
  readonly mode?: number;
  /**
   * Whether other writers append to the same file. If so, a part of a failed append stays (cutting
   * it off could cut off a line that somebody else wrote behind it in the same moment); the next
   * append begins on a new line and readers report one damaged line. If not, it is cut off.
   *
   * @default true for `appendLines`, false for `openLineAppender`
   */
  readonly shared?: boolean;
  readonly fs?: FileSystem;
  readonly clock?: Clock;
}

/** What one append did. */
export interface AppendReport {
  /** Bytes written, the newline in front of a healed tail included. */
  readonly bytes: number;
  /** Where the first line begins; with other writers at work, it begins here or later. */
  readonly startOffset: number;
  /** Whether somebody had left half a line, which now ends where these begin. */
  readonly healedTail: boolean;
}

/** An open file that takes lines at its end. */
export interface LineAppender extends Disposable {
  /** Appends before it returns. @throws CoreError as `appendLines` does. */
  append(lines: readonly string[]): AppendReport;
  /** Makes everything appended so far durable. */
  sync(): void;
  /** Closes the file; a second call does nothing. Disposal closes too, but tells no errors. */
  close(): void;
  readonly bytes: number;
  readonly lines: number;
  readonly fsyncs: number;
}

/**
 * Opens a file for many appends of one writer, such as a journal: no open and close per line, and a
 * failed append is undone.
 *
 * @throws CoreError `APPEND_FAILED` when the path cannot be opened or is no regular file.
 */
export function openLineAppender(path: string, options: AppendOptions = {}): LineAppender {
  return openFileAppender(path, options);
}

/** The end of a file in one moment. */
export interface Tail {
  readonly size: number;
  /** The last line has no newline: a writer died, or it is writing in this moment. */
  readonly isTorn: boolean;
}

/** `openLineAppender` for callers that look at the tail themselves. */
export function openFileAppender(path: string, options: AppendOptions = {}): FileAppender {
  const { mode, fs = nodeFileSystem } = options;
  let fd: number | undefined;
  try {
    // Readable too: whether somebody left half a line shows in the last byte.
    fd = fs.open(path, 'a+', mode);
    const stats = fs.fstat(fd);
    if (!stats.isFile()) throw new Error('it is not a regular file');
    return new FileAppender(path, fd, { ...options, fs, isNew: stats.size === 0 });
  } catch (cause) {
    if (fd !== undefined) closeQuietly(fs, fd);
    throw appendFailed(path, cause, 'old');
  }
}

type FileAppenderOptions = AppendOptions & { readonly fs: FileSystem; readonly isNew: boolean };

export class FileAppender implements LineAppender {
  bytes = 0;
  lines = 0;
  fsyncs = 0;

  readonly #path: string;
  readonly #fs: FileSystem;
  readonly #shared: boolean;
  readonly #power: boolean;
  #fd: number | undefined;
  /** A size at which the file is known to end with a whole line; any other end is looked at. */
  #cleanSize = 0;
  #nameIsDurable: boolean;

  constructor(path: string, fd: number, options: FileAppenderOptions) {
    this.#path = path;
    this.#fd = fd;
    this.#fs = options.fs;
    this.#shared = options.shared ?? false;
    this.#power = options.durability === 'power';
    this.#nameIsDurable = !options.isNew;
  }

  look(): Tail {
    const fd = this.#opened();
    return this.#attempt('old', () => {
      const { size } = expectLinked(this.#fs.fstat(fd));
      return { size, isTorn: this.#isTorn(fd, size) };
    });
  }

  append(lines: readonly string[], tail: Tail = this.look()): AppendReport {
    expectWholeLines(lines);
    const { size, isTorn } = tail;
    if (lines.length === 0) return { bytes: 0, startOffset: size, healedTail: false };
    const bytes = Buffer.from(`${isTorn ? '\n' : ''}${lines.join('\n')}\n`);
    this.#writeOnce(bytes, size);
    this.#cleanSize = size + bytes.byteLength;
    this.bytes += bytes.byteLength;
    this.lines += lines.length;
    if (this.#power) this.sync();
    return { bytes: bytes.byteLength, startOffset: isTorn ? size + 1 : size, healedTail: isTorn };
  }

  sync(): void {
    const fd = this.#opened();
    this.#attempt('new', () => {
      this.#fs.fsync(fd);
      this.fsyncs += 1;
      if (this.#nameIsDurable) return;
      this.fsyncs += syncFolder(this.#fs, dirname(this.#path));
      this.#nameIsDurable = true;
    });
  }

  close(): void {
    const fd = this.#fd;
    if (fd === undefined) return;
    this.#fd = undefined;
    this.#attempt('new', () => {
      this.#fs.close(fd);
    });
  }

  [Symbol.dispose](): void {
    if (this.#fd !== undefined) closeQuietly(this.#fs, this.#fd);
    this.#fd = undefined;
  }

  #opened(): number {
    if (this.#fd !== undefined) return this.#fd;
    throw appendFailed(this.#path, new Error('the appender is closed'), 'old');
  }

  #attempt<T>(onDisk: OnDisk, step: () => T): T {
    try {
      return step();
    } catch (error) {
      throw appendFailed(this.#path, error, onDisk);
    }
  }

  #isTorn(fd: number, size: number): boolean {
    if (size === 0 || size === this.#cleanSize) return false;
    const last = Buffer.alloc(1);
    const count = this.#fs.read(fd, last, size - 1);
    // Somebody cut the file in this moment: an empty line at worst.
    return count === 0 || last[0] !== NEWLINE;
  }

  /** One call, whatever the size: a second one could land behind another writer's line. */
  #writeOnce(bytes: Buffer, size: number): void {
    const fd = this.#opened();
    let count: number | undefined;
    let cause: unknown;
    try {
      count = this.#fs.write(fd, bytes, null);
      if (count === bytes.byteLength) return;
      cause = new Error(`only ${count} of ${bytes.byteLength} bytes were written`);
    } catch (error) {
      cause = error;
    }
    throw appendFailed(this.#path, cause, this.#settle(fd, { size, count, of: bytes.byteLength }));
  }

  /** After a failed write: cuts off what it left where that is safe, and tells what is there. */
  #settle(fd: number, write: { size: number; count: number | undefined; of: number }): OnDisk {
    if (this.#shared && write.count) return 'partial';
    try {
      const grown = this.#fs.fstat(fd).size - write.size;
      if (grown === 0) return 'old';
      // More than this write can have left is a line of another writer, and not ours to cut off.
      if (this.#shared || grown < 0 || grown > write.of) return 'unknown';
      this.#fs.ftruncate(fd, write.size);
      return 'old';
    } catch {
      return 'unknown';
    }
  }
}

/** @throws CoreError `INVALID_OPTION` */
export function expectWholeLines(lines: readonly string[]): void {
  const index = lines.findIndex((line) => line.includes('\n'));
  if (index === -1) return;
  throw new CoreError('INVALID_OPTION', `Expected lines without a newline, line ${index} has one`);
}

function expectLinked(stats: Stats): Stats {
  if (stats.nlink === 0) throw new Error('it was removed while it was open');
  return stats;
}

function appendFailed(path: string, cause: unknown, onDisk: OnDisk): CoreError {
  if (cause instanceof CoreError) return cause;
  const message = `Cannot append to "${path}": ${messageOf(cause)}`;
  return new CoreError('APPEND_FAILED', message, { path, cause, onDisk });
}
