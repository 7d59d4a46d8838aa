import { codeOf, messageOf } from '@codex-orchestrator/core';
import type { FileSystem, Line } from '@codex-orchestrator/core';

import { ManifestError } from './errors.js';
import type { MovedFile, RunEvent } from './events.js';
import { advance, copyOf } from './fold-manifest.js';
import type { ManifestDraft } from './fold-manifest.js';
import { JournalScanner } from './journal-scanner.js';
import type { JournalAnchor, Manifest } from './manifest.js';
import { scanJournal } from './read-journal.js';
import type { Verification } from './verification.js';

/** What a journal says, and how far that can be believed. */
export interface CheckedJournal {
  readonly isThere: boolean;
  /** Nothing was found in it: what follows from it can be held against other files. */
  readonly isSound: boolean;
  /** Its events are tied to each other. */
  readonly isChained: boolean;
  /** Events of types that this version does not know: what they come to is not known either. */
  readonly unknownEvents: number;
  readonly lines: number;
  readonly bytes: number;
  readonly isTorn: boolean;
  /** What the events come to; undefined without any. */
  readonly manifest: Manifest | undefined;
  /** The places that were asked for, as far as the journal has them. */
  readonly places: ReadonlyMap<number, JournalPlace>;
  readonly end: JournalAnchor;
  /** Number of the latest event that ended an attempt; 0 before the first. */
  readonly endedAt: number;
  /** Moves that may not have been made yet. */
  readonly pendingMoves: readonly MovedFile[];
}

export interface JournalPlace {
  readonly anchor: JournalAnchor;
  /** What the events up to here come to. */
  readonly manifest: Manifest | undefined;
}

/**
 * Reads a journal from end to end, holding one line and the fold, and finds every line that was
 * changed.
 *
 * @throws ManifestError `JOURNAL_UNREADABLE` when the system refuses to read it.
 */
export async function checkJournal(
  verification: Verification,
  { fs, places }: { readonly fs: FileSystem; readonly places: readonly number[] },
): Promise<CheckedJournal> {
  const { journalPath } = verification.layout;
  const scanner = new JournalScanner();
  const fold = new JournalFold(scanner, new Set(places));
  const visit = (line: Line): void => {
    fold.take(line);
  };
  const summary = await scanJournal(journalPath, { fs, scanner, visit }).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    verification.find('journal-missing', journalPath, { message: 'the journal is not there' });
  });
  if (!summary) return noJournal;
  const isSound = report(verification, scanner, fold);
  const { tornTail, nextOffset } = summary;
  return {
    isThere: true,
    isSound,
    isChained: scanner.end.lines > scanner.unchained,
    unknownEvents: fold.unknownEvents,
    lines: scanner.lines,
    bytes: (tornTail?.offset ?? nextOffset) + (tornTail?.byteLength ?? 0),
    isTorn: tornTail !== undefined,
    manifest: fold.draft,
    places: fold.places,
    end: scanner.end,
    endedAt: fold.endedAt,
    pendingMoves: fold.lastEvent?.type === 'run.resumed' ? fold.lastEvent.moved : [],
  };
}

class JournalFold {
  draft: ManifestDraft | undefined;
  contradiction: { readonly line: number; readonly message: string } | undefined;
  lastEvent: RunEvent | undefined;
  unknownEvents = 0;
  endedAt = 0;
  readonly places = new Map<number, JournalPlace>();
  readonly #scanner: JournalScanner;
  readonly #wanted: ReadonlySet<number>;

  constructor(scanner: JournalScanner, wanted: ReadonlySet<number>) {
    this.#scanner = scanner;
    this.#wanted = wanted;
  }

  take(line: Line): void {
    const parsed = this.#scanner.take(line);
    if (!parsed) return;
    if (parsed.kind === 'event') this.#apply(parsed.event);
    else this.unknownEvents += 1;
    const { end } = this.#scanner;
    if (!this.#wanted.has(end.lines)) return;
    this.places.set(end.lines, { anchor: end, manifest: this.draft && copyOf(this.draft) });
  }

  #apply(event: RunEvent): void {
    this.lastEvent = event;
    if (event.type === 'run.finished') this.endedAt = event.seq;
    if (this.contradiction) return;
    try {
      this.draft = advance(this.draft, event);
    } catch (error) {
      this.contradiction = { line: this.#scanner.lines, message: messageOf(error) };
    }
  }
}

/** Returns whether there was nothing to report. */
function report(verification: Verification, scanner: JournalScanner, fold: JournalFold): boolean {
  const { journalPath } = verification.layout;
  for (const { lineNumber: line, reason } of scanner.damaged) {
    verification.find('journal-altered', journalPath, { line, message: reason });
  }
  const isChained = scanner.end.lines > scanner.unchained;
  for (const { lineNumber: line, reason } of scanner.abandoned) {
    verification.find('journal-altered', journalPath, { line, message: reason });
  }
  if (scanner.damaged.length > 0) return false;
  if (fold.contradiction) verification.find('journal-altered', journalPath, fold.contradiction);
  if (scanner.end.lines === 0) {
    verification.find('journal-cut', journalPath, { message: 'the journal holds no event' });
  }
  if (!isChained && scanner.end.lines > 0) {
    verification.remark('The journal has no chain: a version or tool wrote it that makes none.');
  } else if (scanner.unchained > 0) {
    verification.remark(`The chain begins behind line ${scanner.unchained}.`);
  }
  return !fold.contradiction && scanner.end.lines > 0 && scanner.abandoned.length === 0;
}

function isMissing(error: unknown): boolean {
  const cause = error instanceof ManifestError ? error.cause : error;
  const root = cause instanceof Error ? (cause.cause ?? cause) : cause;
  return codeOf(root) === 'ENOENT';
}

const noJournal: CheckedJournal = {
  isThere: false,
  isSound: false,
  isChained: false,
  unknownEvents: 0,
  lines: 0,
  bytes: 0,
  isTorn: false,
  manifest: undefined,
  places: new Map(),
  end: { lines: 0, bytes: 0, head: '' },
  endedAt: 0,
  pendingMoves: [],
};
