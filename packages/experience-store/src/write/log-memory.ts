import type { Stats } from 'node:fs';

import { codeOf } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { findContent } from '../index/content-table.js';
import type { ExperienceLayout } from '../layout.js';
import type { AppendedBatch } from '../log/append-batch.js';
import { fileIdentityOf } from '../log/file-identity.js';
import { openFlags } from '../log/open-flags.js';
import { CountedFiles } from '../log/read-cost.js';
import { LineScan } from '../log/scan-lines.js';
import type { ScannedLine } from '../log/scan-lines.js';
import { scanAtOnce } from '../log/scan-pieces.js';
import { findInBlock } from './find-in-block.js';
import { KnownRecords, writtenRecordOf } from './known-records.js';
import type { IndexSnapshot, WriteView } from './write-view.js';

/** Of a log far behind its index only the end is read: duplicates of what stands before are missed. */
const MOST_TAIL_BYTES = 2 ** 20;
/** With more records in memory, what is known is read anew, from an index that covers more. */
const MOST_KNOWN = 10_000;

/**
 * What a writer of one log remembers of it between batches: what stands behind the index, its own batches
 * included, so that a loop of small batches reads nothing that it has written itself.
 */
export class LogMemory {
  readonly #layout: ExperienceLayout;
  readonly #view: WriteView;
  readonly #fs: FileSystem;
  #state: MemoryState | undefined;

  constructor(layout: ExperienceLayout, view: WriteView, fs: FileSystem) {
    this.#layout = layout;
    this.#view = view;
    this.#fs = fs;
  }

  /** How much of the log the index does not cover, as far as is known. */
  get bytesBehind(): number {
    const { size = 0, covered = 0 } = this.#state ?? {};
    return size - covered;
  }

  /** What is known now: others may have appended, or replaced the file. */
  refresh(): KnownRecords {
    const stats = this.#stat();
    let state = this.#state;
    const isOther = state?.file !== (stats && fileIdentityOf(stats));
    if (!state || isOther || (stats?.size ?? 0) < state.size || state.known.size > MOST_KNOWN) {
      state = this.#begin(stats);
    }
    // Nothing is known while this is under way: a look that fails must not leave half of it.
    this.#state = undefined;
    if (stats && stats.size > state.size) this.#readTail(state, stats);
    this.#state = state;
    return state.known;
  }

  /** An own batch, whose records are known already, need not be read if it stands right behind the rest. */
  wrote(appended: AppendedBatch): void {
    const state = this.#state;
    if (!state) return;
    const { offset, bytes, healedTail, isExact, file } = appended;
    if (!isExact || offset !== state.size + Number(healedTail)) return;
    state.file ??= file;
    state.readTo = offset + bytes;
    state.size = state.readTo;
  }

  /** The index was brought up to date. */
  updated(): void {
    if (this.#state) this.#state.covered = this.#view.snapshot()?.covered ?? this.#state.covered;
  }

  /** What is known may not be so any more. */
  forget(): void {
    this.#state = undefined;
  }

  #stat(): Stats | undefined {
    try {
      return this.#fs.stat(this.#layout.logPath);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  #begin(stats: Stats | undefined): MemoryState {
    const size = stats?.size ?? 0;
    const snapshot = stats && this.#view.snapshot();
    const covered = Math.min(snapshot?.covered ?? 0, size);
    const isNear = size - covered <= MOST_TAIL_BYTES;
    const readTo = isNear ? covered : size - MOST_TAIL_BYTES;
    // What lies between could say that a record of the index is forgotten.
    const known = new KnownRecords(isNear && snapshot ? this.#sourceOf(snapshot) : NO_SOURCE);
    const file = stats && fileIdentityOf(stats);
    return { file, covered, readTo, size: readTo, known };
  }

  #sourceOf({ generation }: IndexSnapshot) {
    const layout = this.#layout;
    const fs = this.#fs;
    const table = { path: layout.contentTablePath, generation, fs };
    return {
      candidates: (domain: string) => this.#view.candidates(domain),
      findContent: (contentHash: string) =>
        findContent(table, contentHash, (blockOffset) =>
          findInBlock(layout, { blockOffset, contentHash }, fs),
        ).found,
    };
  }

  #readTail(state: MemoryState, { size }: Stats): void {
    const { logPath, taskId } = this.#layout;
    const fd = this.#fs.open(logPath, openFlags.read);
    const files = new CountedFiles(this.#fs);
    try {
      const visit = (line: ScannedLine): void => {
        if (line.isWhole) take(state.known, line);
      };
      const scan = new LineScan({ taskId, search: undefined, visit });
      const report = scanAtOnce(scan, { fd, files, from: state.readTo, size });
      state.readTo = report.settledTo;
      state.size = size;
    } finally {
      files.close(fd);
    }
  }
}

interface MemoryState {
  /** Which file it is; `undefined` while there is none. */
  file: string | undefined;
  readonly known: KnownRecords;
  /** Bytes that the index covers. */
  covered: number;
  /** Behind what was read and will not change; what follows may be half a line, or half a batch. */
  readTo: number;
  /** How long the log was. */
  size: number;
}

const NO_SOURCE = { candidates: () => [], findContent: () => undefined };

function take(known: KnownRecords, { line }: ScannedLine): void {
  if (line.kind === 'record') known.add(writtenRecordOf(line.record));
  else if (line.kind === 'note') known.note(line.note);
}
