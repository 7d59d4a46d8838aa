import {
  effectiveStatus,
  foldEvents,
  isFinalStatus,
  ManifestError,
  readJournal,
  readManifest,
} from '@codex-orchestrator/manifest';
import type {
  EffectiveStatus,
  JournalReading,
  LivenessOptions,
  Manifest,
  RunEvent,
  RunLayout,
} from '@codex-orchestrator/manifest';
import { messageOf } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

/** What the files of a run tell, whoever asks and whatever happened to its runner. */
export interface KnownRun {
  readonly reading: JournalReading;
  /** The fold of the journal; where that is damaged, the last snapshot. */
  readonly manifest: Manifest;
  /** The manifest as it lies on disk; undefined where it cannot be read. */
  readonly snapshot: Manifest | undefined;
  /** What is wrong in the middle of the journal, so that nothing may be built on it. */
  readonly damage: ManifestError | undefined;
  /** When the latest attempt began; undefined where the journal does not tell. */
  readonly attemptBegan: RunEvent | undefined;
  /** The last event by the run itself. */
  readonly lastEvent: RunEvent | undefined;
  /** Id of the stage that the run last recorded something of. */
  readonly lastStage: string | undefined;
  /** When the latest attempt last gave a sign of life. */
  readonly lastSeenAt: string;
  readonly status: EffectiveStatus;
}

export type ReadRunOptions = LivenessOptions & { readonly fs: FileSystem };

/**
 * Reads a run from its journal: the manifest on disk may be behind it.
 *
 * @throws ManifestError `MANIFEST_NOT_FOUND` where there is no run; `JOURNAL_UNREADABLE`;
 * `JOURNAL_DAMAGED` where neither the journal nor the manifest can be understood.
 */
export async function readRun(layout: RunLayout, options: ReadRunOptions): Promise<KnownRun> {
  const { fs } = options;
  const { snapshot, error } = await readSnapshot(layout, fs);
  // Without either file, that there is no run says more than that a journal is missing.
  const reading = await readJournal(layout.journalPath, { fs }).catch((cause: unknown) => {
    throw error?.code === 'MANIFEST_NOT_FOUND' ? error : cause;
  });
  const { folded, damage } = fold(layout, reading);
  const manifest = damage ? (snapshot ?? folded) : folded;
  if (!manifest) throw damage ?? damaged(layout, 'it holds no event');
  const attempt = attemptOf(reading.events);
  const own = attempt.filter(isOwnEvent);
  const lastSeenAt = lastSignOfLife(attempt, manifest, snapshot);
  const status = effectiveStatus({ ...manifest, heartbeat_at: lastSeenAt }, options);
  return {
    reading,
    manifest,
    snapshot,
    damage,
    attemptBegan: attempt[0],
    lastEvent: own.at(-1),
    lastStage: own.findLast((event) => 'id' in event)?.id,
    lastSeenAt,
    status,
  };
}

/** Whether the manifest on disk says all that the journal does. */
export function isSnapshotCurrent({ reading, manifest, snapshot }: KnownRun): boolean {
  if (snapshot?.status !== manifest.status) return false;
  const { journal } = snapshot;
  return reading.tornTail === undefined && (journal === null || journal.head === reading.end.head);
}

export function isSealed({ manifest, damage }: KnownRun): boolean {
  return damage === undefined && isFinalStatus(manifest.status);
}

async function readSnapshot(
  { manifestPath }: RunLayout,
  fs: FileSystem,
): Promise<{ readonly snapshot?: Manifest; readonly error?: ManifestError }> {
  try {
    return { snapshot: (await readManifest(manifestPath, { fs })).manifest };
  } catch (error) {
    if (error instanceof ManifestError) return { error };
    throw error;
  }
}

function fold(
  layout: RunLayout,
  { events, damaged: lines }: JournalReading,
): { readonly folded?: Manifest | undefined; readonly damage?: ManifestError } {
  const places = lines.map(({ lineNumber, reason }) => `line ${lineNumber}: ${reason}`);
  try {
    const folded = foldEvents(events);
    return lines.length === 0 ? { folded } : { folded, damage: damaged(layout, ...places) };
  } catch (cause) {
    return {
      damage: damaged(layout, ...places, `its events contradict each other: ${messageOf(cause)}`),
    };
  }
}

/** Most places that a message names. */
const maxPlaces = 10;

function damaged({ journalPath: path }: RunLayout, ...places: string[]): ManifestError {
  const more = places.length > maxPlaces ? [`and ${places.length - maxPlaces} more`] : [];
  const list = [...places.slice(0, maxPlaces), ...more].join('; ');
  return new ManifestError('JOURNAL_DAMAGED', `The journal "${path}" is damaged: ${list}`, {
    path,
  });
}

/** The events since the latest attempt began. */
function attemptOf(events: readonly RunEvent[]): readonly RunEvent[] {
  const start = events.findLastIndex(
    ({ type }) => type === 'run.started' || type === 'run.resumed',
  );
  return start < 0 ? events : events.slice(start);
}

/** What may be stated of a run that has ended by somebody who did not run it. */
const foreignEvents: ReadonlySet<RunEvent['type']> = new Set([
  'run.recorded',
  'run.resume_refused',
]);

/** From the moment of a recovery on, events are by whoever recovers. */
function isOwnEvent(event: RunEvent, at: number, attempt: readonly RunEvent[]): boolean {
  const recovered = attempt.findIndex(({ type }) => type === 'run.recovered');
  return !foreignEvents.has(event.type) && (recovered < 0 || at < recovered);
}

function lastSignOfLife(
  attempt: readonly RunEvent[],
  manifest: Manifest,
  snapshot: Manifest | undefined,
): string {
  // Heartbeats after it are not the run's either.
  const recovered = attempt.find((event) => event.type === 'run.recovered');
  if (recovered) return recovered.last_seen_at;
  const last = attempt.findLast(isOwnEvent)?.at ?? manifest.updated_at;
  const beat = snapshot?.attempt === manifest.attempt ? snapshot.heartbeat_at : null;
  return beat !== null && Date.parse(beat) > Date.parse(last) ? beat : last;
}
