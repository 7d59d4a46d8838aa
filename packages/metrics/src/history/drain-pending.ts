import { basename } from 'node:path';

import {
  CoreError,
  messageOf,
  nodeFileSystem,
  readLines,
  systemClock,
} from '@codex-orchestrator/core';
import type { Clock, FileSystem, LineBatch as LinesRead } from '@codex-orchestrator/core';

import { MetricsError } from '../errors.js';
import type { MetricsLayout } from '../layout.js';
import { EntryReader } from '../scan/entry-reader.js';
import { appendLines } from './append-lines.js';
import type { AppendRequest } from './append-lines.js';
import { LineBatch } from './line-batch.js';
import { MAX_LINE_BYTES } from './max-line-bytes.js';
import { listPendingFiles, rejectedPathOf, removeUnlessGrown, setAside } from './pending-files.js';
import type { PendingFile } from './pending-files.js';
import { RejectedLines } from './rejected-lines.js';

export interface DrainOptions {
  /**
   * Lines of one append; 0 and less mean no limit.
   *
   * @default 500
   */
  readonly maxLines?: number;
  /**
   * Bytes of one append; a single line may be longer. 0 and less mean 8 MiB.
   *
   * @default 1_048_576
   */
  readonly maxBytes?: number;
  readonly fs?: FileSystem;
  readonly clock?: Clock;
}

export interface DrainReport {
  /** Entries that are in the history now. */
  readonly merged: number;
  /** Files that were dealt with. */
  readonly files: number;
  /** Names of files in the pending folder that hold what is no entry: somebody should look at them. */
  readonly quarantined: readonly string[];
}

/** Other writers may leave more while the first files are dealt with. */
const MOST_PASSES = 2;

/**
 * Takes over the entries that another writer of the format has left in `metrics.pending` because it did
 * not get the lock. A file goes when its entries are in the history and synced; a crash in between leaves
 * some of them twice, which counting ignores. What is no entry stays beside, in `<file>.rejected`. A file
 * that its writer did not finish counts, after five minutes, if all of it is entries; otherwise it is set
 * aside as a whole. Memory is bounded, however large files and lines are.
 *
 * The caller holds the lock of the history.
 *
 * @throws MetricsError `HISTORY_WRITE_FAILED`: nothing is lost, and another call goes on.
 */
export async function drainPending(
  layout: MetricsLayout,
  options: DrainOptions = {},
): Promise<DrainReport> {
  const { maxLines = 500, maxBytes = 2 ** 20 } = options;
  const { fs = nodeFileSystem, clock = systemClock } = options;
  let drain: PendingDrain | undefined;
  try {
    for (let passes = 0; passes < MOST_PASSES; passes++) {
      const files = listPendingFiles(layout.pendingDir, { fs, nowMs: clock.nowMs() });
      if (files.length === 0) break;
      drain ??= new PendingDrain(layout, { maxLines, maxBytes, fs, clock });
      for (const file of files) await drain.takeOver(file);
      drain.finish();
    }
    return drain?.report() ?? { merged: 0, files: 0, quarantined: [] };
  } catch (cause) {
    if (cause instanceof MetricsError) throw cause;
    const message = `Cannot take over the entries in "${layout.pendingDir}": ${messageOf(cause)}`;
    throw new MetricsError('HISTORY_WRITE_FAILED', message, { path: layout.pendingDir, cause });
  }
}

type ResolvedOptions = Required<DrainOptions>;

class PendingDrain {
  readonly #layout: MetricsLayout;
  readonly #options: ResolvedOptions;
  readonly #append: AppendRequest;
  readonly #reader = new EntryReader();
  readonly #entries: LineBatch;
  /** Read to their ends, but their last entries may still be in the batch. */
  #read: PendingFile[] = [];
  #files = 0;
  readonly #quarantined = new Set<string>();

  constructor(layout: MetricsLayout, options: ResolvedOptions) {
    const { fs, clock } = options;
    this.#layout = layout;
    this.#options = options;
    // What follows an append here is the removal of the only other place that had the lines.
    this.#append = { durability: 'power', fs, clock };
    this.#entries = new LineBatch(options, (lines) => {
      appendLines(layout.historyPath, lines, this.#append);
      this.#removeRead();
    });
  }

  async takeOver(file: PendingFile): Promise<void> {
    this.#files += 1;
    try {
      if (file.unfinished && !(await this.#isWhole(file))) this.#setAside(file);
      else await this.#readAll(file);
    } catch (error) {
      if (!(error instanceof CoreError) || error.code !== 'READ_FAILED') throw error;
      // Tried again it would fail again, and its first entries be appended each time.
      if (error.errno !== 'ENOENT') this.#setAside(file);
    }
  }

  /** Puts everything read so far into the history and removes the files. */
  finish(): void {
    this.#entries.flush();
    this.#removeRead();
  }

  report(): DrainReport {
    const quarantined = [...this.#quarantined];
    return { merged: this.#entries.lines, files: this.#files, quarantined };
  }

  async #readAll(file: PendingFile): Promise<void> {
    const rejected = new RejectedLines(rejectedPathOf(file), this.#append);
    for await (const { lines, oversized } of this.#linesOf(file)) {
      for (const { bytes } of lines) {
        if (this.#isEntry(bytes)) this.#entries.add(bytes);
        else if (!this.#reader.blank) rejected.add(bytes);
      }
      for (const line of oversized) rejected.copy(file.path, line);
    }
    rejected.flush();
    if (rejected.any) this.#quarantined.add(basename(rejectedPathOf(file)));
    this.#read.push(file);
  }

  /** Whether all that it has is entries. */
  async #isWhole(file: PendingFile): Promise<boolean> {
    for await (const { lines, oversized } of this.#linesOf(file)) {
      if (oversized.length > 0) return false;
      if (!lines.every(({ bytes }) => this.#isEntry(bytes) || this.#reader.blank)) return false;
    }
    return true;
  }

  #linesOf({ path, bytes }: PendingFile): AsyncIterable<LinesRead> {
    const { fs } = this.#options;
    return readLines(path, { endOffset: bytes, maxLineBytes: MAX_LINE_BYTES, fs });
  }

  #isEntry(line: Buffer): boolean {
    return this.#reader.read(line, 0, line.byteLength) !== undefined;
  }

  #setAside(file: PendingFile): void {
    const { pendingDir } = this.#layout;
    this.#quarantined.add(setAside(pendingDir, file, this.#options.fs));
  }

  #removeRead(): void {
    for (const file of this.#read) removeUnlessGrown(file, this.#options.fs);
    this.#read = [];
  }
}
