import {
  CoreError,
  messageOf,
  nodeFileSystem,
  resolveInside,
  systemClock,
  systemRandom,
} from '@codex-orchestrator/core';

import { AttemptHistory } from './attempt-history.js';
import { ManifestError } from './errors.js';
import { advance } from './fold-manifest.js';
import type { ManifestDraft } from './fold-manifest.js';
import { JournalWriter } from './journal-writer.js';
import type { Manifest } from './manifest.js';
import { moveFiles } from './moved-files.js';
import { OpenRecord } from './open-record.js';
import type { RecordPorts } from './open-record.js';
import { readJournal } from './read-journal.js';
import type { JournalReading } from './read-journal.js';
import { readManifest } from './read-manifest.js';
import { cutTornTail } from './repair-journal.js';
import type { RunLayout } from './run-layout.js';
import type { RunRecord, RunRecordOptions } from './run-record.js';
import { SnapshotWriter } from './snapshot-writer.js';

/** What had to be done to a journal before it could be gone on with. */
export interface JournalRepair {
  /** Bytes of a line whose writing was cut short; the fact in it was never confirmed. */
  readonly tornBytes: number;
  /** Where these bytes are kept now, relative to the root; null without any. */
  readonly tornPath: string | null;
  /** Lines that the manifest on disk vouches for and the journal no longer has. */
  readonly lostLines: number;
}

export interface ReopenedRecord {
  readonly record: RunRecord;
  readonly repair: JournalRepair;
}

/**
 * Opens the record of a run that nobody is running, to seal it or to go on with it. A torn tail is cut
 * off and kept beside the journal; nothing else on disk changes until an event is appended, and closing
 * the record again without one leaves the run as it was. The caller holds the run's lock and knows that
 * its owner is gone: two writers of one journal would break its chain.
 *
 * @throws ManifestError `JOURNAL_DAMAGED` (lines in its middle are damaged, and are named; nothing was
 * changed), `JOURNAL_UNREADABLE`, `RECORD_OPEN_FAILED`; CoreError `PATH_ESCAPES_ROOT`.
 */
export async function reopenRunRecord(
  layout: RunLayout,
  options: RunRecordOptions = {},
): Promise<ReopenedRecord> {
  const ports = {
    ...options,
    fs: options.fs ?? nodeFileSystem,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
  };
  resolveInside(layout.runsDir, layout.journalPath, ports);
  const reading = await readJournal(layout.journalPath, ports);
  const manifest = foldUndamaged(layout, reading);
  const snapshot = await readSnapshot(layout, ports);
  try {
    const repair = repairJournal(layout, { reading, snapshot }, ports);
    const record = continueRecord(layout, { manifest, reading, snapshot }, ports);
    return { record, repair };
  } catch (cause) {
    if (cause instanceof CoreError && cause.code === 'PATH_ESCAPES_ROOT') throw cause;
    const message = `Cannot open the record of the run '${layout.runId}' again: ${messageOf(cause)}`;
    throw new ManifestError('RECORD_OPEN_FAILED', message, { path: layout.runDir, cause });
  }
}

interface Found {
  readonly reading: JournalReading;
  /** The manifest as it lies on disk; undefined where it cannot be read. */
  readonly snapshot: Manifest | undefined;
}

/** @throws ManifestError `JOURNAL_DAMAGED` */
function foldUndamaged({ journalPath: path }: RunLayout, reading: JournalReading): ManifestDraft {
  const [damage] = reading.damaged;
  if (damage) {
    const more = reading.damaged.length - 1;
    const others = more === 0 ? '' : ` (and ${more} more)`;
    const message = `Line ${damage.lineNumber} of "${path}" is damaged: ${damage.reason}${others}`;
    throw new ManifestError('JOURNAL_DAMAGED', message, { path });
  }
  try {
    let draft: ManifestDraft | undefined;
    for (const event of reading.events) draft = advance(draft, event);
    if (draft) return draft;
  } catch (cause) {
    const message = `The events in "${path}" contradict each other: ${messageOf(cause)}`;
    throw new ManifestError('JOURNAL_DAMAGED', message, { path, cause });
  }
  throw new ManifestError('JOURNAL_DAMAGED', `"${path}" holds no event`, { path });
}

/** It is a cache: without it nothing is known to be lost, and everything else is in the journal. */
async function readSnapshot(
  { manifestPath }: RunLayout,
  { fs }: RecordPorts,
): Promise<Manifest | undefined> {
  try {
    return (await readManifest(manifestPath, { fs })).manifest;
  } catch {
    return undefined;
  }
}

function repairJournal(
  layout: RunLayout,
  { reading, snapshot }: Found,
  { fs }: RecordPorts,
): JournalRepair {
  const { tornTail, end } = reading;
  const tornPath = tornTail ? cutTornTail(layout.journalPath, tornTail, fs) : undefined;
  return {
    tornBytes: tornTail?.byteLength ?? 0,
    tornPath: tornPath === undefined ? null : layout.relative(tornPath),
    lostLines: Math.max(0, (snapshot?.journal?.lines ?? 0) - end.lines),
  };
}

function continueRecord(
  layout: RunLayout,
  { manifest, reading, snapshot }: Found & { readonly manifest: ManifestDraft },
  ports: RecordPorts,
): RunRecord {
  // A crash may have come between the event that told of the moves and the moves. Once there is a
  // later event they were made, and what has the old names now is of the new attempt.
  const last = reading.events.at(-1);
  if (last?.type === 'run.resumed') moveFiles(layout.runDir, last.moved, ports);
  // Behind the last event there may be parts of a line whose writing failed.
  const end = { ...reading.end, bytes: reading.nextOffset };
  const journal = new JournalWriter(layout.journalPath, ports.fs, end);
  const snapshots = new SnapshotWriter(layout.manifestPath, manifest, journal, {
    ...ports,
    minIntervalMs: ports.snapshotIntervalMs ?? 1000,
    before: snapshot?.observability ?? undefined,
  });
  const history = new AttemptHistory();
  for (const event of reading.events) history.note(event);
  return new OpenRecord({ layout, manifest, journal, snapshots, history }, ports);
}
