import { CoreError, nodeFileSystem, systemClock, systemRandom } from '@codex-orchestrator/core';
import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';

import { ManifestError, messageOf } from './errors.js';
import { eventVersion } from './events.js';
import type { NewRunEvent, RunEnd, RunEvent, RunFinishedEvent } from './events.js';
import { advance, refusalOf } from './fold-manifest.js';
import type { ManifestDraft } from './fold-manifest.js';
import { JournalWriter } from './journal-writer.js';
import type { Manifest, Observability } from './manifest.js';
import { createRecordFolder } from './record-folder.js';
import type { RecordFolder } from './record-folder.js';
import type { RunLayout } from './run-layout.js';
import { SnapshotWriter } from './snapshot-writer.js';
import { startedEvent } from './started-event.js';
import type { RunStart } from './started-event.js';

export interface RunRecordOptions {
  /**
   * Least time between two snapshots of the manifest.
   *
   * @default 1000
   */
  readonly snapshotIntervalMs?: number;
  /**
   * Called with every event of the journal, the first and the terminal one included, once its line is
   * on disk and the manifest has moved on. It must not throw.
   *
   * @default nothing
   */
  readonly onEvent?: (event: RunEvent) => void;
  readonly fs?: FileSystem;
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

/** The record of a run that is going on in this process. */
export interface RunRecord extends AsyncDisposable {
  readonly layout: RunLayout;
  /** The record as of the last event. It moves on with every event: copy what you keep. */
  readonly manifest: Manifest;
  /** Snapshots that could not be written, each kind once. The journal has the facts all the same. */
  readonly problems: readonly ManifestError[];
  /** What recording has cost so far. */
  readonly stats: Observability;
  /**
   * Puts one fact into the journal; the line is on disk when the call returns. The manifest follows
   * within a second.
   *
   * @throws ManifestError `EVENT_OUT_OF_ORDER`, `JOURNAL_WRITE_FAILED` (the fact is not recorded and
   * may be stated again), `RECORD_SEALED`.
   */
  append(event: NewRunEvent): RunEvent;
  /**
   * Ends the run: terminal event and final manifest, both durable. Nothing is written afterwards.
   *
   * @throws ManifestError `JOURNAL_WRITE_FAILED`: the record is still open while the status of
   * `manifest` is not final, and the call may be repeated; `MANIFEST_WRITE_FAILED`: closed, the
   * journal tells how the run ended and the manifest on disk does not; `RECORD_SEALED`.
   */
  seal(end: RunEnd): Promise<Manifest>;
  /** Closes without an end, as a crash would leave it; does nothing after `seal`. */
  close(): Promise<void>;
}

/**
 * Opens the record of a new run: its folder with the first journal line and a manifest, all of it
 * durable when the promise resolves, and none of it there when it rejects.
 *
 * @throws ManifestError `RUN_EXISTS`, `RECORD_OPEN_FAILED`; CoreError `PATH_ESCAPES_ROOT`.
 */
export async function openRunRecord(
  start: RunStart,
  options: RunRecordOptions = {},
): Promise<RunRecord> {
  const { layout } = start;
  try {
    return await open(start, {
      ...options,
      fs: options.fs ?? nodeFileSystem,
      clock: options.clock ?? systemClock,
      random: options.random ?? systemRandom,
    });
  } catch (cause) {
    if (cause instanceof ManifestError && cause.code === 'RUN_EXISTS') throw cause;
    if (cause instanceof CoreError && cause.code === 'PATH_ESCAPES_ROOT') throw cause;
    const message = `Cannot open the record of the run '${layout.runId}': ${messageOf(cause)}`;
    throw new ManifestError('RECORD_OPEN_FAILED', message, { path: layout.runDir, cause });
  }
}

type OpenOptions = RunRecordOptions & {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly random: RandomSource;
};

async function open(start: RunStart, options: OpenOptions): Promise<RunRecord> {
  const { layout } = start;
  const folder = createRecordFolder(layout, options);
  let journal: JournalWriter | undefined;
  try {
    const event = startedEvent(start, timeOf(options.clock));
    const manifest = advance(undefined, event);
    journal = new JournalWriter(folder.draft.journalPath, options.fs);
    journal.append(event);
    journal.sync();
    const snapshots = await firstSnapshot({ folder, journal, manifest }, options);
    journal.moveTo(layout.journalPath, () => {
      snapshots.folderFsyncs = folder.publish();
    });
    snapshots.path = layout.manifestPath;
    const record = new OpenRecord({ layout, manifest, journal, snapshots }, options);
    options.onEvent?.(event);
    return record;
  } catch (error) {
    journal?.abandon();
    folder.discard();
    throw error;
  }
}

interface Opening {
  readonly folder: RecordFolder;
  readonly journal: JournalWriter;
  readonly manifest: Manifest;
}

async function firstSnapshot(opening: Opening, options: OpenOptions): Promise<SnapshotWriter> {
  const { folder, journal, manifest } = opening;
  const snapshots = new SnapshotWriter(folder.draft.manifestPath, manifest, journal, {
    fs: options.fs,
    clock: options.clock,
    random: options.random,
    minIntervalMs: options.snapshotIntervalMs ?? 1000,
  });
  await snapshots.writeDurable();
  return snapshots;
}

interface RecordParts {
  readonly layout: RunLayout;
  readonly manifest: ManifestDraft;
  readonly journal: JournalWriter;
  readonly snapshots: SnapshotWriter;
}

class OpenRecord implements RunRecord {
  readonly layout: RunLayout;
  readonly #manifest: ManifestDraft;
  readonly #journal: JournalWriter;
  readonly #snapshots: SnapshotWriter;
  readonly #clock: Clock;
  readonly #onEvent: ((event: RunEvent) => void) | undefined;
  #cancelHeartbeat: () => void = () => undefined;
  #closed = false;

  constructor({ layout, manifest, journal, snapshots }: RecordParts, options: OpenOptions) {
    this.layout = layout;
    this.#manifest = manifest;
    this.#journal = journal;
    this.#snapshots = snapshots;
    this.#clock = options.clock;
    this.#onEvent = options.onEvent;
    this.#beat();
  }

  get manifest(): Manifest {
    return this.#manifest;
  }

  get problems(): readonly ManifestError[] {
    return this.#snapshots.problems;
  }

  get stats(): Observability {
    return this.#snapshots.observability;
  }

  append(event: NewRunEvent): RunEvent {
    const written = this.#record(event);
    this.#snapshots.request();
    return written;
  }

  async seal(end: RunEnd): Promise<Manifest> {
    this.#record({ type: 'run.finished', notes: [], ...end });
    this.#closed = true;
    this.#cancelHeartbeat();
    // A manifest on disk that says more than a durable journal would be evidence of nothing.
    await runAll([
      () => {
        this.#journal.sync();
      },
      () => this.#snapshots.writeDurable(),
      () => {
        this.#journal.close();
      },
    ]);
    return this.#manifest;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelHeartbeat();
    await this.#snapshots.settle();
    this.#journal.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** First the check, then the line, then the fold: a refused or unwritten event changes nothing. */
  #record(event: NewRunEvent | NewEndEvent): RunEvent {
    if (this.#closed) {
      const message = `The record of the run '${this.layout.runId}' is closed`;
      throw new ManifestError('RECORD_SEALED', message, { path: this.layout.runDir });
    }
    const refusal = refusalOf(this.#manifest, event);
    if (refusal !== undefined) throw new ManifestError('EVENT_OUT_OF_ORDER', refusal);
    const head = { v: eventVersion, seq: this.#journal.lines + 1, at: timeOf(this.#clock) };
    const written = { ...head, ...event } as RunEvent;
    this.#journal.append(written);
    advance(this.#manifest, written);
    this.#onEvent?.(written);
    return written;
  }

  #beat(): void {
    const delayMs = this.#manifest.heartbeat_interval_seconds * 1000;
    const beat = (): void => {
      this.#snapshots.request();
      this.#beat();
    };
    this.#cancelHeartbeat = this.#clock.schedule(delayMs, beat, { keepAlive: false });
  }
}

type NewEndEvent = Omit<RunFinishedEvent, 'v' | 'seq' | 'at'>;

/** Runs every step whatever the others do, since each alone leaves more than nothing. */
async function runAll(steps: readonly (() => void | Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

function timeOf(clock: Clock): string {
  return new Date(clock.nowMs()).toISOString();
}
