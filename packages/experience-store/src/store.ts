import type { Durability } from '@codex-orchestrator/core';

import { ExperienceError } from './errors.js';
import { AnswerMemory } from './fetch/answer-memory.js';
import { fetchMany } from './fetch/fetch-many.js';
import type { FetchContext } from './fetch/look-up.js';
import { expectTaskId } from './fetch/query.js';
import type { FetchOptions, FetchQuery, FetchResult } from './fetch/query.js';
import { portsOf } from './ports.js';
import type { PortOptions, Ports } from './ports.js';
import { createExperienceLayout } from './layout.js';
import type { ScanBudgets } from './log/scan-pieces.js';
import type { ExperienceInput, ExperienceNote } from './record/record.js';
import type * as LogWriter from './write/log-writer.js';
import type { RecordBatchResult, RecordOptions, Recorder } from './write/record-batch.js';

export interface StoreOptions extends PortOptions {
  /** The folder with one folder per task, such as `.runs`: locks are there. */
  readonly runsDir: string;
  /** The folder for results that outlive runs, such as `out`: logs and indexes are there. */
  readonly outDir: string;
  /** Takes secrets out of texts before they are written. @default none are looked for */
  readonly redact?: ((text: string) => string) | undefined;
  /** Words of a summary that are kept, at least 1. @default 32 */
  readonly maxWords?: number | undefined;
  /**
   * From which similarity on two summaries say the same, above 0 and up to 1.
   *
   * @default 0.85
   */
  readonly similarityThreshold?: number | undefined;
  /**
   * Where a scan of a log ends; what the index answers is not scanned.
   *
   * @default unlimited
   */
  readonly budgets?: ScanBudgets | undefined;
}

export interface AddNotesOptions {
  /** @default 'process' */
  readonly durability?: Durability | undefined;
}

/**
 * The experiences of all tasks below one folder. Any number of processes may read and write them at once:
 * nobody waits for anybody, and a look-up finds all that was written before it began.
 */
export interface ExperienceStore extends Disposable {
  /**
   * Appends records of one task, all of them or none. One that says what another says already becomes a
   * note on that.
   *
   * @throws ExperienceError `BATCH_INVALID`, `BATCH_TOO_LARGE`, `STORE_WRITE_FAILED`.
   */
  recordBatch(
    inputs: readonly ExperienceInput[],
    options?: RecordOptions,
  ): Promise<RecordBatchResult>;
  /**
   * The best records of a domain: by score, then the youngest first, then as they stand in the log. Reads
   * those records, a file of the index and the end of the log, however long it is; all of the log only
   * where the index is missing, or has kept fewer than are asked for.
   *
   * @throws ExperienceError `INVALID_OPTION`, `STORE_UNREADABLE`; the reason of the signal.
   */
  fetchTop(query: FetchQuery, options?: FetchOptions): Promise<FetchResult>;
  /**
   * As `fetchTop` for several queries, with the results in their order. Each domain of a task is looked up
   * once, and all that need a scan share one.
   */
  fetchMany(queries: readonly FetchQuery[], options?: FetchOptions): Promise<FetchResult[]>;
  /**
   * Appends what has happened to records, in one write.
   *
   * @throws ExperienceError `INVALID_OPTION`, `STORE_WRITE_FAILED`.
   */
  addNotes(
    taskId: string,
    notes: readonly ExperienceNote[],
    options?: AddNotesOptions,
  ): Promise<void>;
}

/** Opens no file; none is open between two calls. */
export function openExperienceStore(options: StoreOptions): ExperienceStore {
  checkBudgets(options.budgets);
  return new LogStore(options);
}

class LogStore implements ExperienceStore {
  readonly #options: StoreOptions;
  readonly #ports: Ports;
  readonly #memory = new AnswerMemory();
  readonly #recorders = new Map<string, Recorder>();
  #writer: typeof LogWriter | undefined;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.#ports = portsOf(options);
  }

  async recordBatch(
    inputs: readonly ExperienceInput[],
    options?: RecordOptions,
  ): Promise<RecordBatchResult> {
    const writer = (this.#writer ??= await import('./write/log-writer.js'));
    const taskId = writer.taskOfBatch(inputs);
    if (taskId === undefined) return { records: [], merged: [], bytes: 0 };
    return this.#recorderOf(taskId, writer).record(inputs, options);
  }

  async fetchTop(query: FetchQuery, options?: FetchOptions): Promise<FetchResult> {
    const [result] = await fetchMany([query], this.#contextOf(options));
    if (!result) throw new TypeError('one query has one result');
    return result;
  }

  fetchMany(queries: readonly FetchQuery[], options?: FetchOptions): Promise<FetchResult[]> {
    return fetchMany(queries, this.#contextOf(options));
  }

  async addNotes(
    taskId: string,
    notes: readonly ExperienceNote[],
    { durability = 'process' }: AddNotesOptions = {},
  ): Promise<void> {
    if (notes.length === 0) return;
    const layout = createExperienceLayout({ ...this.#options, taskId: expectTaskId(taskId) });
    const writer = (this.#writer ??= await import('./write/log-writer.js'));
    writer.appendNotes(layout, notes, { ...this.#ports, durability });
  }

  [Symbol.dispose](): void {
    this.#recorders.clear();
  }

  #contextOf(options: FetchOptions = {}): FetchContext {
    const { runsDir, outDir, budgets } = this.#options;
    const { signal } = options;
    return { runsDir, outDir, budgets, ports: this.#ports, memory: this.#memory, signal };
  }

  #recorderOf(taskId: string, { openRecorder }: typeof LogWriter): Recorder {
    const known = this.#recorders.get(taskId);
    if (known) return known;
    const layout = createExperienceLayout({ ...this.#options, taskId });
    const recorder = openRecorder(layout, this.#ports, { ...this.#options, ...this.#ports });
    this.#recorders.set(taskId, recorder);
    return recorder;
  }
}

function checkBudgets({ maxLines, maxBytes }: ScanBudgets = {}): void {
  for (const [name, value] of Object.entries({ maxLines, maxBytes })) {
    if (value === undefined || value === Infinity) continue;
    if (Number.isSafeInteger(value) && value > 0) continue;
    const message = `Cannot open the experiences: budgets.${name} is ${value}, and no whole number above 0`;
    throw new ExperienceError('INVALID_OPTION', message);
  }
}
