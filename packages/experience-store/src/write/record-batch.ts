import type { Durability } from '@codex-orchestrator/core';

import { ExperienceError } from '../errors.js';
import type { ExperienceLayout } from '../layout.js';
import { appendToLog } from '../log/append-batch.js';
import { encodeBatch } from '../log/batch-frame.js';
import { portsOf } from '../ports.js';
import type { PortOptions, Ports } from '../ports.js';
import { prepareBatch } from '../record/prepare.js';
import type { PreparedBatch } from '../record/prepare.js';
import type { ExperienceInput, ExperienceRecord } from '../record/record.js';
import { KnownRecords } from './known-records.js';
import { LogMemory } from './log-memory.js';
import { planBatch } from './plan-batch.js';
import type { MergedInput } from './plan-batch.js';
import type { WriteView } from './write-view.js';

export interface RecorderOptions extends PortOptions {
  /** Takes secrets out of a text. @default none are looked for */
  readonly redact?: ((text: string) => string) | undefined;
  /** Words of a summary that are kept, at least 1. @default 32 */
  readonly maxWords?: number | undefined;
  /**
   * From which similarity on two summaries say the same, above 0 and up to 1; by 1 only those count whose
   * normalised words are the same.
   *
   * @default 0.85
   */
  readonly similarityThreshold?: number | undefined;
}

export interface RecordOptions {
  /** @default 'process' */
  readonly durability?: Durability | undefined;
  /** The manifest of the run, relative to the root of the repository. @default null */
  readonly manifestPath?: string | null | undefined;
}

export interface RecordBatchResult {
  /** What was written, in the order of the inputs. */
  readonly records: readonly ExperienceRecord[];
  /** Inputs of which only a note was written, on the record that says the same. */
  readonly merged: readonly MergedInput[];
  /** Bytes appended. */
  readonly bytes: number;
}

/** Writes the experiences of one task. Holds no file open. */
export interface Recorder {
  /**
   * Appends a batch, all of it or nothing, in one write. An input that says what a record of its domain
   * says already becomes a `seen` note on that record; which one is missed, is written once more.
   *
   * The batch is written when the call returns, or throws; the promise settles when the index has been
   * seen to.
   *
   * @throws ExperienceError `BATCH_INVALID`, `BATCH_TOO_LARGE`, `STORE_WRITE_FAILED`, `INVALID_OPTION`.
   */
  record(inputs: readonly ExperienceInput[], options?: RecordOptions): Promise<RecordBatchResult>;
}

/** Opens no file. */
export function createRecorder(
  layout: ExperienceLayout,
  view: WriteView,
  options: RecorderOptions = {},
): Recorder {
  return new LogRecorder(layout, view, options);
}

const DEFAULT_THRESHOLD = 0.85;
/** The part of the log behind the index that every look-up reads. */
const MOST_BYTES_BEHIND = 48 * 1024;
/** After an update that somebody else's lock prevented; more the longer nothing comes of it. */
const NEXT_TRY_BYTES = 8 * 1024;
const NOTHING: RecordBatchResult = { records: [], merged: [], bytes: 0 };

class LogRecorder implements Recorder {
  readonly #layout: ExperienceLayout;
  readonly #view: WriteView;
  readonly #options: RecorderOptions;
  readonly #ports: Ports;
  readonly #threshold: number;
  readonly #memory: LogMemory;
  #updateFrom = MOST_BYTES_BEHIND;

  constructor(layout: ExperienceLayout, view: WriteView, options: RecorderOptions) {
    this.#layout = layout;
    this.#view = view;
    this.#options = options;
    this.#ports = portsOf(options);
    this.#threshold = expectThreshold(options.similarityThreshold ?? DEFAULT_THRESHOLD);
    this.#memory = new LogMemory(layout, view, this.#ports.fs);
  }

  async record(
    inputs: readonly ExperienceInput[],
    options: RecordOptions = {},
  ): Promise<RecordBatchResult> {
    const { redact, maxWords } = this.#options;
    const { manifestPath } = options;
    const batch = prepareBatch(inputs, { ...this.#ports, redact, maxWords, manifestPath });
    if (batch === undefined) return NOTHING;
    expectTask(batch, this.#layout);
    const { appended, ...result } = this.#append(batch, options.durability ?? 'process');
    if (this.#memory.bytesBehind >= this.#updateFrom) await this.#update();
    return { ...result, bytes: appended.bytes };
  }

  #append(batch: PreparedBatch, durability: Durability) {
    const { fs, clock, random } = this.#ports;
    const { lines, records, merged } = planBatch(batch, this.#known(), this.#threshold);
    try {
      const framed = encodeBatch(lines, random);
      const appended = appendToLog(this.#layout, framed, { durability, fs, clock });
      this.#memory.wrote(appended);
      return { appended, records, merged };
    } catch (error) {
      // What was planned is not in the log, or nobody knows.
      this.#memory.forget();
      throw error;
    }
  }

  /** A log that cannot be read is no reason to lose a lesson: duplicates are missed. */
  #known(): KnownRecords {
    try {
      return this.#memory.refresh();
    } catch {
      this.#memory.forget();
      return new KnownRecords({ candidates: () => [], findContent: () => undefined });
    }
  }

  async #update(): Promise<void> {
    try {
      await this.#view.update();
    } catch {
      // The batch is written: an error here would have it written again. Look-ups read the log.
    }
    this.#memory.updated();
    const behind = this.#memory.bytesBehind;
    const pause = Math.max(NEXT_TRY_BYTES, behind / 4);
    this.#updateFrom = behind < MOST_BYTES_BEHIND ? MOST_BYTES_BEHIND : behind + pause;
  }
}

function expectTask({ taskId }: PreparedBatch, layout: ExperienceLayout): void {
  if (taskId === layout.taskId) return;
  const problem = `input 0: taskId is "${taskId}", the log is that of "${layout.taskId}"`;
  const message = `Cannot record experiences: ${problem}`;
  throw new ExperienceError('BATCH_INVALID', message, { problems: [problem] });
}

function expectThreshold(threshold: number): number {
  if (threshold > 0 && threshold <= 1) return threshold;
  const expected = 'Expected the `similarityThreshold` option to be above 0 and up to 1';
  throw new ExperienceError('INVALID_OPTION', `${expected}, got \`${String(threshold)}\``);
}
