import type { ExperienceLayout } from '../layout.js';
import { appendToLog } from '../log/append-batch.js';
import { encodeBatch } from '../log/batch-frame.js';
import { openLog } from '../log/replace-source.js';
import { encodeRecord } from '../record/encode.js';
import type { Experience, RecordReference } from '../record/record.js';
import { createImporter } from './import-line.js';
import type { ImportLineOptions } from './import-line.js';
import { portsOf } from '../ports.js';
import type { HygieneOptions } from './hygiene-options.js';
import type { Ports } from '../ports.js';
import { scanOpenLog } from './scan-open-log.js';

export interface ImportOptions extends Omit<HygieneOptions, 'onProgress'>, ImportLineOptions {
  /** Records per batch, each of which is written whole or not at all. @default 500 */
  readonly batchRecords?: number | undefined;
  /** How many lines that could not be taken the report names. @default 20 */
  readonly maxExamples?: number | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

export interface ImportProgress {
  readonly lines: number;
  readonly imported: number;
}

export interface ImportReport {
  readonly imported: number;
  /** Records whose id the log has already, or an earlier line. */
  readonly alreadyThere: number;
  /** Notes are no records: `exportRecords` makes counters of them. */
  readonly skippedNotes: number;
  readonly badLines: number;
  /** The first of the lines that could not be taken. */
  readonly problems: readonly ImportProblem[];
  /** Appended to the log. */
  readonly bytes: number;
}

export interface ImportProblem {
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

/**
 * Takes records from lines as `exportRecords` gives them out, or as another writer of the format has
 * written them, into the task of the layout, whichever they were of. What is valid of id, time and
 * counters is kept, texts are cleaned and redacted as those of new records. Records that are there
 * already are skipped, so an import that was cut short can be repeated. Lines that cannot be taken are
 * named and left out.
 *
 * Holds the ids of the log and one batch.
 *
 * @throws ExperienceError `STORE_UNREADABLE`, `STORE_WRITE_FAILED` (the batches before are there);
 * the reason of the signal.
 */
export async function importRecords(
  layout: ExperienceLayout,
  lines: AsyncIterable<string> | Iterable<string>,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const { batchRecords = 500, signal, onProgress } = options;
  const known = await knownKeys(layout, options);
  const run = new ImportRun(layout, known, options);
  for await (const line of lines) {
    run.take(line);
    if (!run.isFull(batchRecords)) continue;
    signal?.throwIfAborted();
    run.append();
    onProgress?.({ lines: run.lines, imported: run.imported });
  }
  signal?.throwIfAborted();
  run.append();
  onProgress?.({ lines: run.lines, imported: run.imported });
  const { imported, alreadyThere, skippedNotes, badLines, problems, bytes } = run;
  return { imported, alreadyThere, skippedNotes, badLines, problems, bytes };
}

async function knownKeys(layout: ExperienceLayout, options: ImportOptions): Promise<Set<string>> {
  const { fs } = portsOf(options);
  const keys = new Set<string>();
  using log = openLog(layout, fs);
  if (!log) return keys;
  await scanOpenLog(log, {
    fs,
    taskId: layout.taskId,
    end: fs.fstat(log.fd).size,
    signal: options.signal,
    visit: ({ line, isWhole }) => {
      if (line.kind === 'record' && isWhole) keys.add(keyOf(line.record));
    },
  });
  return keys;
}

/** Of one write; a batch with longer records has fewer of them. */
const MOST_BATCH_CHARACTERS = 2 ** 20;

class ImportRun {
  lines = 0;
  imported = 0;
  alreadyThere = 0;
  skippedNotes = 0;
  badLines = 0;
  bytes = 0;
  readonly problems: ImportProblem[] = [];
  readonly #layout: ExperienceLayout;
  readonly #known: Set<string>;
  readonly #ports: Ports;
  readonly #maxExamples: number;
  readonly #read: ReturnType<typeof createImporter>;
  #batch: string[] = [];
  #characters = 0;

  constructor(layout: ExperienceLayout, known: Set<string>, options: ImportOptions) {
    this.#layout = layout;
    this.#known = known;
    this.#ports = portsOf(options);
    this.#maxExamples = options.maxExamples ?? 20;
    this.#read = createImporter(layout.taskId, { ...options, ...this.#ports });
  }

  take(text: string): void {
    this.lines += 1;
    const line = this.#read(text);
    if (line.kind === 'record') this.#takeRecord(line.record);
    else if (line.kind === 'note') this.skippedNotes += 1;
    else if (line.kind === 'bad') this.#refuse(line.reason);
  }

  isFull(batchRecords: number): boolean {
    return this.#batch.length >= batchRecords || this.#characters >= MOST_BATCH_CHARACTERS;
  }

  append(): void {
    if (this.#batch.length === 0) return;
    const { fs, clock, random } = this.#ports;
    const lines = encodeBatch(this.#batch, random);
    this.bytes += appendToLog(this.#layout, lines, { fs, clock }).bytes;
    this.imported += this.#batch.length;
    this.#batch = [];
    this.#characters = 0;
  }

  #takeRecord(record: Experience): void {
    const key = keyOf(record);
    if (this.#known.has(key)) {
      this.alreadyThere += 1;
      return;
    }
    this.#known.add(key);
    const line = encodeRecord(record);
    this.#batch.push(line);
    this.#characters += line.length;
  }

  #refuse(reason: string): void {
    this.badLines += 1;
    if (this.problems.length < this.#maxExamples) this.problems.push({ line: this.lines, reason });
  }
}

function keyOf({ id, domain }: RecordReference): string {
  return `${id}\n${domain}`;
}
