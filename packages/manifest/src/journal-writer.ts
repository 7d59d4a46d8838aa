import { openLineAppender } from '@codex-orchestrator/core';
import type { FileSystem, LineAppender } from '@codex-orchestrator/core';

import { ManifestError, messageOf } from './errors.js';
import type { RunEvent } from './events.js';

/** Writes the lines of one journal and counts what that costs. */
export class JournalWriter {
  lines = 0;
  bytes = 0;
  fsyncs = 0;

  readonly #fs: FileSystem;
  #path: string;
  #appender: LineAppender;

  constructor(path: string, fs: FileSystem) {
    this.#path = path;
    this.#fs = fs;
    this.#appender = openLineAppender(path, { fs });
  }

  /** @throws ManifestError `JOURNAL_WRITE_FAILED`: the fact is not recorded. */
  append(event: RunEvent): void {
    this.#attempt(`The event '${event.type}' is not recorded`, () => {
      const report = this.#appender.append([JSON.stringify(event)]);
      this.lines += 1;
      this.bytes += report.bytes;
    });
  }

  /** @throws ManifestError `JOURNAL_WRITE_FAILED`: the lines are there but may not outlive the power. */
  sync(): void {
    this.#attempt('The journal is not known to be durable', () => {
      const before = this.#appender.fsyncs;
      this.#appender.sync();
      this.fsyncs += this.#appender.fsyncs - before;
    });
  }

  /** Goes on at another path, where the file has been moved: Windows moves no open files. */
  moveTo(path: string, move: () => void): void {
    this.#appender.close();
    move();
    this.#path = path;
    this.#appender = openLineAppender(path, { fs: this.#fs });
  }

  /** Closes where another error is under way. */
  abandon(): void {
    try {
      this.#appender.close();
    } catch {
      // The first error counts.
    }
  }

  close(): void {
    this.#attempt('The journal is not closed', () => {
      this.#appender.close();
    });
  }

  #attempt(failure: string, step: () => void): void {
    try {
      step();
    } catch (cause) {
      const message = `${failure}: ${messageOf(cause)}`;
      throw new ManifestError('JOURNAL_WRITE_FAILED', message, { path: this.#path, cause });
    }
  }
}
