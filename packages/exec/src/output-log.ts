import type { FileSystem } from '@codex-orchestrator/core';

import type { LogFailure, LogReport } from './command-result.js';
import { FileAppender } from './file-appender.js';
import { Sha256 } from './sha256.js';
import { removeSegments, TailSegments } from './tail-segments.js';

/** Room for the line that stands for what was left out. */
const markerMaxBytes = 96;

/**
 * A log file with the exact bytes that it is given, up to a size. Beyond half of it the newest
 * bytes go to segment files beside the log; `finish` puts them behind the first half, after a line
 * that says how many bytes are missing in between if there are any. No method throws: a log that
 * cannot be written is a fact about the log, and its command must still be drained.
 *
 * A crash leaves the exact start in `<path>`, and the newest bytes in `<path>.tail.previous` and
 * `<path>.tail`, each in order. A failed write leaves the same.
 */
export class OutputLog {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #fs: FileSystem;
  readonly #digest = new Sha256();
  #head: FileAppender | undefined;
  #tail: TailSegments | undefined;
  #seenBytes = 0;
  #markerBytes = 0;
  #failure: LogFailure | undefined;

  constructor(path: string, maxBytes: number, fs: FileSystem) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#fs = fs;
    this.#attempt(() => (this.#head = this.#open()));
  }

  write(bytes: Buffer): void {
    this.#seenBytes += bytes.length;
    const head = this.#head;
    if (head === undefined || this.#failure !== undefined) return;
    this.#attempt(() => {
      this.#append(head, bytes);
    });
  }

  /** Completes and closes the file. */
  finish(): LogReport {
    this.#attempt(() => {
      this.#stitch();
    });
    this.#attempt(() => this.#tail?.close());
    this.#attempt(() => this.#head?.close());
    const bytes = this.#head?.bytes ?? 0;
    return {
      path: this.#path,
      bytes,
      seenBytes: this.#seenBytes,
      omittedBytes: this.#seenBytes - (bytes - this.#markerBytes),
      ...(this.#failure ? { error: this.#failure } : { sha256: this.#digest.finish() }),
    };
  }

  /** A new log needs one call; one that replaces another must not inherit its segments. */
  #open(): FileAppender {
    const [fs, digest] = [this.#fs, this.#digest];
    try {
      return new FileAppender(this.#path, { flags: 'wx', fs, digest });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    removeSegments(this.#tailPath, fs);
    const flags = removeTrap(this.#path, fs) ? 'wx' : 'w';
    return new FileAppender(this.#path, { flags, fs, digest });
  }

  #append(head: FileAppender, bytes: Buffer): void {
    const room = this.#headMaxBytes - head.bytes;
    if (room > 0) head.append(bytes.subarray(0, room));
    if (bytes.length <= room) return;
    this.#tail ??= new TailSegments(this.#tailPath, this.#maxBytes - this.#headMaxBytes, this.#fs);
    this.#tail.append(bytes.subarray(room));
  }

  #stitch(): void {
    const head = this.#head;
    const tail = this.#tail;
    if (head === undefined || tail === undefined || this.#failure !== undefined) return;
    const headBytes = head.bytes;
    try {
      this.#appendTail(head, tail);
    } catch (error) {
      this.#failure = describeFailure(error);
      // Half a tail would look like the whole: back to the start, with the segments kept beside it.
      this.#attempt(() => {
        head.truncate(headBytes);
        this.#markerBytes = 0;
      });
      return;
    }
    tail.remove();
  }

  #appendTail(head: FileAppender, tail: TailSegments): void {
    const room = this.#maxBytes - head.bytes;
    const keptBytes = tail.totalBytes <= room ? tail.totalBytes : room - markerMaxBytes;
    if (keptBytes < tail.totalBytes) {
      const marker = Buffer.from(
        `\n[${tail.totalBytes - keptBytes} bytes of output omitted here]\n`,
      );
      this.#markerBytes = marker.length;
      head.append(marker);
    }
    tail.copyLast(keptBytes, head);
  }

  get #headMaxBytes(): number {
    return this.#maxBytes === Infinity ? Infinity : Math.floor(this.#maxBytes / 2);
  }

  get #tailPath(): string {
    return `${this.#path}.tail`;
  }

  /** Runs a step; the first failure of all is kept. */
  #attempt(step: () => unknown): void {
    try {
      step();
    } catch (error) {
      this.#failure ??= describeFailure(error);
    }
  }
}

function describeFailure(error: unknown): LogFailure {
  const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException;
  return { code, message };
}

/**
 * An earlier command may have put a pipe there, on which an open for writing waits for ever, or a link to a
 * file of somebody else. Returns whether there is nothing any more.
 */
function removeTrap(path: string, fs: FileSystem): boolean {
  const stats = fs.lstat(path);
  if (!stats.isFIFO() && !stats.isSymbolicLink()) return false;
  fs.unlink(path);
  return true;
}
