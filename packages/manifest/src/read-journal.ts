import { messageOf, readLines } from '@codex-orchestrator/core';
import type { Line, LineBatch, LinePosition, ReadSummary } from '@codex-orchestrator/core';

import { ManifestError } from './errors.js';
import type { RunEvent } from './events.js';
import { JournalScanner } from './journal-scanner.js';
import type { DamagedLine } from './journal-scanner.js';
import type { JournalAnchor } from './manifest.js';
import type { UnknownEvent } from './parse-event.js';
import type { ReadOptions } from './read-manifest.js';

/** What a journal holds, and what is wrong with it. */
export interface JournalReading {
  /** The events in their order: hand them to `foldEvents`. */
  readonly events: readonly RunEvent[];
  /** Whole lines of a type or version that this version does not know. */
  readonly unknownEvents: readonly UnknownEvent[];
  /**
   * Lines that are no events, not the ones expected at their place, or not tied to the line before.
   * Something that was recorded may be missing or changed there.
   */
  readonly damaged: readonly DamagedLine[];
  /**
   * Lines that are no events, between two that are tied to each other, so that nothing is missing:
   * writing them failed and was repeated.
   */
  readonly abandoned: readonly DamagedLine[];
  /**
   * The bytes behind the last newline: a line whose writing was cut short. The fact in it was never
   * confirmed and is not among the events.
   */
  readonly tornTail: LinePosition | undefined;
  /** Where the next line begins; hand it to readers that follow. */
  readonly nextOffset: number;
  /** Lines with a newline, whatever is in them. */
  readonly lines: number;
  /** The last event: its number, where its line ends, its chain (empty where it states none). */
  readonly end: JournalAnchor;
}

/**
 * Reads a journal, also while its run goes on. Damage costs the damaged line and is named with its
 * place.
 *
 * @throws ManifestError `JOURNAL_UNREADABLE`.
 */
export async function readJournal(
  path: string,
  options: ReadOptions = {},
): Promise<JournalReading> {
  const scanner = new JournalScanner();
  const events: RunEvent[] = [];
  const unknownEvents: UnknownEvent[] = [];
  const visit = (line: Line): void => {
    const parsed = scanner.take(line);
    if (parsed?.kind === 'event') events.push(parsed.event);
    else if (parsed) unknownEvents.push(parsed.event);
  };
  const { tornTail, nextOffset } = await scanJournal(path, { ...options, scanner, visit });
  const { damaged, abandoned, lines, end } = scanner;
  return {
    events,
    unknownEvents,
    damaged,
    abandoned,
    tornTail,
    nextOffset: tornTail?.offset ?? nextOffset,
    lines,
    end,
  };
}

export interface JournalScan extends ReadOptions {
  readonly scanner: JournalScanner;
  /** Hands each line to the scanner, and does more about it. */
  readonly visit: (line: Line) => void;
}

/**
 * Leads every line of a journal past a scanner, those too long to look at included, and holds none.
 *
 * @throws ManifestError `JOURNAL_UNREADABLE`.
 */
export async function scanJournal(
  path: string,
  { scanner, visit, ...options }: JournalScan,
): Promise<ReadSummary> {
  const batches = readLines(path, options);
  // A line too long to look at that may turn out to be the torn tail.
  let tooLong: LinePosition | undefined;
  try {
    for (;;) {
      const next = await batches.next();
      if (next.done) {
        if (tooLong && !next.value.tornTail) scanner.takeOversized(tooLong);
        scanner.finish();
        return next.value;
      }
      for (const part of inOrder(next.value)) {
        if (tooLong) scanner.takeOversized(tooLong);
        tooLong = 'text' in part ? undefined : part;
        if ('text' in part) visit(part);
      }
    }
  } catch (cause) {
    throw new ManifestError('JOURNAL_UNREADABLE', messageOf(cause), { path, cause });
  } finally {
    // A visitor that throws leaves the generator at its `yield`, with the file open.
    await batches.return(undefined as never);
  }
}

function inOrder({ lines, oversized }: LineBatch): readonly (Line | LinePosition)[] {
  if (oversized.length === 0) return lines;
  return [...lines, ...oversized].sort((a, b) => a.offset - b.offset);
}
