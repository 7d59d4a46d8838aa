import { messageOf, openLineAppender, withFile } from '@codex-orchestrator/core';
import type { FileSystem, LineAppender } from '@codex-orchestrator/core';

import { chainLine } from './chain.js';
import { ManifestError } from './errors.js';
import type { RunEvent } from './events.js';
import type { JournalAnchor } from './manifest.js';

/** Writes the lines of one journal, ties them together and counts what that costs. */
export class JournalWriter {
  /** Number of the last event. */
  lines: number;
  /** Where its line ends. */
  bytes: number;
  fsyncs = 0;

  readonly #fs: FileSystem;
  #path: string;
  #appender: LineAppender;
  #head: string;
  /** Whether a write has failed that may have left something all the same. */
  #isUncertain = false;

  /** @param end Where the journal ends that is gone on with; nothing for a new one. */
  constructor(path: string, fs: FileSystem, end: JournalAnchor = emptyJournal) {
    this.#path = path;
    this.#fs = fs;
    this.lines = end.lines;
    this.bytes = end.bytes;
    this.#head = end.head;
    this.#appender = openLineAppender(path, { fs });
  }

  /** What the journal holds now; undefined while it holds nothing. */
  get anchor(): JournalAnchor | undefined {
    const { lines, bytes } = this;
    return lines === 0 ? undefined : { lines, bytes, head: this.#head };
  }

  /**
   * Writes an event that has no `chain` yet and returns it as its line has it.
   *
   * @throws ManifestError `JOURNAL_WRITE_FAILED`: the fact is not recorded.
   */
  append<Event extends RunEvent>(event: Event): Event {
    return this.#attempt(`The event '${event.type}' is not recorded`, () => {
      const line = chainLine(event, this.#head);
      this.#cutUnconfirmed();
      this.#isUncertain = true;
      const report = this.#appender.append([line.text]);
      this.#isUncertain = false;
      this.lines += 1;
      this.bytes += report.bytes;
      this.#head = line.chain;
      return Object.assign(event, { chain: line.chain });
    });
  }

  /** What a failed write has left is no fact, and a line behind it would be tied to another one. */
  #cutUnconfirmed(): void {
    if (!this.#isUncertain) return;
    withFile(this.#fs, { path: this.#path, flags: 'r+' }, (fd) => {
      if (this.#fs.fstat(fd).size > this.bytes) this.#fs.ftruncate(fd, this.bytes);
    });
    this.#isUncertain = false;
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

  #attempt<T>(failure: string, step: () => T): T {
    try {
      return step();
    } catch (cause) {
      const message = `${failure}: ${messageOf(cause)}`;
      throw new ManifestError('JOURNAL_WRITE_FAILED', message, { path: this.#path, cause });
    }
  }
}

const emptyJournal: JournalAnchor = { lines: 0, bytes: 0, head: '' };
