import {
  CoreError,
  messageOf,
  nodeFileSystem,
  systemClock,
  systemRandom,
} from '@codex-orchestrator/core';
import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';

import { ManifestError } from './errors.js';
import type { AttemptStart, NewRunEvent, RunEnd, RunEvent } from './events.js';
import { advance } from './fold-manifest.js';
import { JournalWriter } from './journal-writer.js';
import type { Manifest, Observability } from './manifest.js';
import { OpenRecord } from './open-record.js';
import type { RecordPorts } from './open-record.js';
import { createRecordFolder } from './record-folder.js';
import type { RecordFolder } from './record-folder.js';
import { writeResumeToken } from './resume-token.js';
import type { RunHistory } from './run-history.js';
import type { RunLayout } from './run-layout.js';
import type { RecordSigner } from './signature.js';
import { SnapshotWriter } from './snapshot-writer.js';
import { startedEvent } from './started-event.js';
import type { RunStart } from './started-event.js';
import { timeOf } from './time-of.js';

export interface RunRecordOptions {
  /**
   * Least time between two snapshots of the manifest.
   *
   * @default 1000
   */
  readonly snapshotIntervalMs?: number;
  /**
   * Called with every event of the journal, the first and the terminal one included, once its line is
   * on disk and the manifest has moved on. What it throws is a problem and changes nothing.
   *
   * @default nothing
   */
  readonly onEvent?: (event: RunEvent) => void;
  /**
   * Signs the record when it is sealed.
   *
   * @default nobody
   */
  readonly signer?: RecordSigner;
  /**
   * Counts the attempt when it is sealed. Without one nothing is counted, and nothing written about it.
   *
   * @default nobody
   */
  readonly history?: RunHistory;
  readonly fs?: FileSystem;
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

/** The record of a run that is going on in this process. */
export interface RunRecord extends AsyncDisposable {
  readonly layout: RunLayout;
  /** The record as of the last event. It moves on with every event: copy what you keep. */
  readonly manifest: Manifest;
  /**
   * Snapshots that could not be written, listeners that threw and an attempt that could not be counted,
   * each kind once. No fact is lost.
   */
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
   * Begins a further attempt of a run that has ended without success: this process is its owner once
   * the promise resolves, and that is durable. Files named as moved are moved then; a crash before that
   * leaves it to the next opening.
   *
   * @throws ManifestError `EVENT_OUT_OF_ORDER`, `JOURNAL_WRITE_FAILED`, `MANIFEST_WRITE_FAILED`.
   */
  beginAttempt(start: AttemptStart): Promise<RunEvent>;
  /**
   * Makes everything appended so far durable, in journal and manifest. Of a run that has ended it also
   * completes a seal that a crash has cut short: counting where there is a history and the run still has
   * its marker, signature, manifest, marker.
   *
   * @throws ManifestError `JOURNAL_WRITE_FAILED`, `MANIFEST_WRITE_FAILED`, `SIGNATURE_FAILED`.
   */
  checkpoint(): Promise<void>;
  /**
   * Ends the run: terminal event, counting where there is a history, signature where there is a signer,
   * and final manifest, all durable. The terminal event names the files of the run that no event before
   * has named; one that cannot be read becomes a note. An attempt that could not be counted is the
   * problem `HISTORY_FAILED`, and the run keeps its marker. Nothing is written afterwards.
   *
   * @throws ManifestError `JOURNAL_WRITE_FAILED`: the record is still open while the status of
   * `manifest` is not final, and the call may be repeated; `MANIFEST_WRITE_FAILED`: closed, the
   * journal tells how the run ended and the manifest on disk does not; `SIGNATURE_FAILED`: closed, and
   * all there but the signature; `RECORD_SEALED`. After both a later opening can complete it.
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

async function open(start: RunStart, options: RecordPorts): Promise<RunRecord> {
  const { layout } = start;
  const folder = createRecordFolder(layout, options);
  let journal: JournalWriter | undefined;
  try {
    const event = startedEvent(start, timeOf(options.clock));
    const manifest = advance(undefined, event);
    writeResumeToken(folder.draft.resumeTokenPath, options);
    journal = new JournalWriter(folder.draft.journalPath, options.fs);
    journal.append(event);
    journal.sync();
    const snapshots = await firstSnapshot({ folder, journal, manifest }, options);
    journal.moveTo(layout.journalPath, () => {
      snapshots.folderFsyncs = folder.publish();
    });
    snapshots.path = layout.manifestPath;
    return new OpenRecord({ layout, manifest, journal, snapshots }, options).begin(event);
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

async function firstSnapshot(opening: Opening, options: RecordPorts): Promise<SnapshotWriter> {
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
