import type { FileSystem } from '@codex-orchestrator/core';

import { isBlankedBatchEnd } from '../log/blank-line.js';
import type { OpenLog } from '../log/replace-source.js';
import type { ScannedLine } from '../log/scan-lines.js';
import type { Experience } from '../record/record.js';
import { LineTally } from './line-tally.js';
import type { LineCount, LineProblem, ListedLines } from './line-tally.js';
import type { HygieneProgress } from './hygiene-options.js';
import { RecordTable } from './record-table.js';
import type { RecordFacts } from './record-table.js';
import { scanOpenLog } from './scan-open-log.js';

export interface FoldOptions<Detail> {
  readonly fs: FileSystem;
  readonly taskId: string;
  /** Which records are kept. @default all */
  readonly wants?: ((record: Experience) => boolean) | undefined;
  /** What is kept of a record beyond its facts; called once for each that counts, in file order. */
  readonly detailOf: (record: Experience) => Detail;
  /**
   * Whether a last line counts that no newline ends. Who replaces the log leaves it to what is carried.
   *
   * @default true
   */
  readonly countsUnended?: boolean;
  /** @default 20 */
  readonly maxExamples?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: HygieneProgress) => void) | undefined;
}

/** What one pass over a log finds. */
export interface LogFold<Detail> {
  /** Records that count, those noted as forgotten included, in file order. */
  readonly records: readonly RecordFacts<Detail>[];
  /** The size of the log. */
  readonly bytes: number;
  /** Where its last whole line ends, and with it its last whole batch. */
  readonly wholeBytes: number;
  readonly lines: number;
  readonly notes: LineCount;
  /** Lines without text, among them what forgotten records left. */
  readonly blank: LineCount;
  readonly unreadable: ListedLines;
  /** Lines of other tasks. */
  readonly misplaced: ListedLines;
  /** Lines of batches that were not written to their end. */
  readonly incomplete: ListedLines;
  /** Records with an id that an earlier one of the domain has. */
  readonly repeated: ListedLines;
}

/**
 * Reads an open log once: all records with what notes say of them. Keeps of each record its facts and its
 * detail, a few hundred bytes, and never its text.
 */
export async function foldLog<Detail>(
  log: OpenLog,
  options: FoldOptions<Detail>,
): Promise<LogFold<Detail>> {
  const { fs, taskId, signal, onProgress, countsUnended: takesUnended } = options;
  const { size: end } = fs.fstat(log.fd);
  const folder = new LogFolder(options);
  const { visit } = folder;
  const { settledTo } = await scanOpenLog(log, {
    fs,
    taskId,
    end,
    takesUnended,
    signal,
    onProgress,
    visit,
  });
  return folder.finish({ bytes: end, wholeBytes: settledTo });
}

const NEWLINE_BYTES = 1;

class LogFolder<Detail> {
  readonly #options: FoldOptions<Detail>;
  readonly #table = new RecordTable<Detail>();
  readonly #notes = { count: 0, bytes: 0 };
  readonly #blank = { count: 0, bytes: 0 };
  readonly #unreadable: LineTally;
  readonly #misplaced: LineTally;
  readonly #incomplete: LineTally;
  readonly #repeated: LineTally;
  #lines = 0;

  constructor(options: FoldOptions<Detail>) {
    const { maxExamples = 20 } = options;
    this.#options = options;
    this.#unreadable = new LineTally(maxExamples);
    this.#misplaced = new LineTally(maxExamples);
    this.#incomplete = new LineTally(maxExamples);
    this.#repeated = new LineTally(maxExamples);
  }

  readonly visit = (scanned: ScannedLine): void => {
    this.#lines += 1;
    const { line, isWhole, text } = scanned;
    if (line.kind === 'blank' || isBlankedBatchEnd(text)) {
      count(this.#blank, scanned);
    } else if (line.kind === 'bad') {
      const tally = line.reason === MISPLACED ? this.#misplaced : this.#unreadable;
      tally.add(this.#problemOf(scanned, line.reason));
    } else if (!isWhole) {
      this.#incomplete.add(this.#problemOf(scanned, 'the end of its batch is missing'));
    } else if (line.kind === 'note') {
      count(this.#notes, scanned);
      this.#table.note(line.note);
    } else {
      this.#addRecord(scanned, line);
    }
  };

  finish(place: { readonly bytes: number; readonly wholeBytes: number }): LogFold<Detail> {
    return {
      ...place,
      records: this.#table.records,
      lines: this.#lines,
      notes: this.#notes,
      blank: this.#blank,
      unreadable: this.#unreadable,
      misplaced: this.#misplaced,
      incomplete: this.#incomplete,
      repeated: this.#repeated,
    };
  }

  #addRecord(
    scanned: ScannedLine,
    { record, batch }: Extract<ScannedLine['line'], { kind: 'record' }>,
  ): void {
    const { offset, bytes } = scanned;
    const { wants, detailOf } = this.#options;
    if (wants && !wants(record)) return;
    const place = { offset, bytes: bytes + NEWLINE_BYTES, isFramed: batch !== undefined };
    if (this.#table.add(record, place, detailOf)) return;
    this.#repeated.add(this.#problemOf(scanned, `an earlier record has the id "${record.id}"`));
  }

  #problemOf({ offset, bytes }: ScannedLine, reason: string): LineProblem {
    return { line: this.#lines, offset, bytes: bytes + NEWLINE_BYTES, reason };
  }
}

/** What `parseLogLine` says of them. */
const MISPLACED = 'it belongs to another task';

function count(counter: { count: number; bytes: number }, { bytes }: ScannedLine): void {
  counter.count += 1;
  counter.bytes += bytes + NEWLINE_BYTES;
}
