import { visitLines } from '@codex-orchestrator/core';
import type { Line, LinePosition, ReadSummary } from '@codex-orchestrator/core';

import { ManifestError, messageOf } from './errors.js';
import type { RunEvent } from './events.js';
import { parseEventLine } from './parse-event.js';
import type { UnknownEvent } from './parse-event.js';
import type { ReadOptions } from './read-manifest.js';

/** What a journal holds, and what is wrong with it. */
export interface JournalReading {
  /** The events in their order: hand them to `foldEvents`. */
  readonly events: readonly RunEvent[];
  /** Whole lines of a type or version that this version does not know. */
  readonly unknownEvents: readonly UnknownEvent[];
  /** Lines that are no events, or not the ones expected at their place. */
  readonly damaged: readonly DamagedLine[];
  /**
   * The bytes behind the last newline: a line whose writing was cut short. The fact in it was never
   * confirmed and is not among the events.
   */
  readonly tornTail: LinePosition | undefined;
  /** Where the next line begins; hand it to readers that follow. */
  readonly nextOffset: number;
}

export interface DamagedLine extends LinePosition {
  /** 1 for the first line. */
  readonly lineNumber: number;
  readonly reason: string;
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
  const reader = new JournalReader();
  try {
    const visit = (line: Line): void => {
      reader.take(line);
    };
    return reader.finish(await visitLines(path, visit, options));
  } catch (cause) {
    throw new ManifestError('JOURNAL_UNREADABLE', messageOf(cause), { path, cause });
  }
}

class JournalReader {
  readonly #events: RunEvent[] = [];
  readonly #unknownEvents: UnknownEvent[] = [];
  readonly #damaged: DamagedLine[] = [];
  #lineNumber = 0;
  #lastSeq = 0;
  /** Damaged lines since the last event: each was an event, or a try that was repeated. */
  #missing = 0;

  take(line: Line): void {
    if (!line.terminated) return;
    this.#lineNumber += 1;
    const parsed = parseEventLine(line.text);
    switch (parsed.kind) {
      case 'event':
        this.#expectNext(line, parsed.event.seq);
        this.#events.push(parsed.event);
        return;
      case 'unknown':
        if (parsed.event.seq !== undefined) this.#expectNext(line, parsed.event.seq);
        this.#unknownEvents.push(parsed.event);
        return;
      case 'damaged':
        this.#damage(line, parsed.reason);
        this.#missing += 1;
    }
  }

  finish(summary: ReadSummary): JournalReading {
    const oversized = summary.oversized.map((position) => ({
      ...position,
      lineNumber: 0,
      reason: 'the line is too long',
    }));
    return {
      events: this.#events,
      unknownEvents: this.#unknownEvents,
      damaged: [...this.#damaged, ...oversized],
      tornTail: summary.tornTail,
      nextOffset: summary.tornTail?.offset ?? summary.nextOffset,
    };
  }

  #expectNext(line: Line, seq: number): void {
    const expected = this.#lastSeq + 1;
    const fits = seq >= expected && seq <= expected + this.#missing;
    if (!fits) this.#damage(line, `expected event ${expected} here, got ${seq}`);
    this.#lastSeq = seq;
    this.#missing = 0;
  }

  #damage({ offset, byteLength }: Line, reason: string): void {
    this.#damaged.push({ lineNumber: this.#lineNumber, offset, byteLength, reason });
  }
}
