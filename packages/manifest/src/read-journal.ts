import { visitLines } from '@codex-orchestrator/core';
import type { Line, LinePosition, ReadSummary } from '@codex-orchestrator/core';

import { followsChain, statedChain } from './chain.js';
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
  /**
   * Lines that are no events, not the ones expected at their place, or not tied to the line before.
   * Something that was recorded may be missing or changed there.
   */
  readonly damaged: readonly DamagedLine[];
  /**
   * Parts of lines whose writing failed and was repeated: the lines around them are tied to each other,
   * so that nothing is missing.
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
  /** The chain value of each of these lines; undefined where a line states none. */
  readonly chains: readonly (string | undefined)[];
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
  readonly #abandoned: DamagedLine[] = [];
  readonly #chains: (string | undefined)[] = [];
  /** Lines since the last whole event that are none: damage, or the parts of a repeated write. */
  #suspects: DamagedLine[] = [];
  #lastSeq = 0;
  /** What the next line is tied to; undefined where the journal has no chain. */
  #head: string | undefined = '';

  take(line: Line): void {
    if (!line.terminated) return;
    const chain = statedChain(line.text);
    this.#chains.push(chain);
    const parsed = parseEventLine(line.text);
    if (parsed.kind === 'damaged') {
      this.#suspects.push(this.#place(line, parsed.reason));
      return;
    }
    this.#link(line, chain);
    if (parsed.event.seq !== undefined) this.#expectNext(line, parsed.event.seq);
    this.#suspects = [];
    if (parsed.kind === 'event') this.#events.push(parsed.event);
    else this.#unknownEvents.push(parsed.event);
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
      damaged: [...this.#damaged, ...this.#suspects, ...oversized],
      abandoned: this.#abandoned,
      tornTail: summary.tornTail,
      nextOffset: summary.tornTail?.offset ?? summary.nextOffset,
      lines: this.#chains.length,
      chains: this.#chains,
    };
  }

  /** Decides what the lines before this one were, and whether this one was written behind them. */
  #link(line: Line, chain: string | undefined): void {
    const previous = this.#head;
    this.#head = chain;
    if (chain === undefined) {
      this.#damaged.push(...this.#suspects);
      // A journal without a chain has none from its first line on.
      if (previous) this.#damage(line, 'the line is not tied to the one before');
      return;
    }
    if (previous !== undefined && followsChain(line.text, previous)) {
      this.#abandoned.push(...this.#suspects);
      return;
    }
    this.#damaged.push(...this.#suspects);
    // Behind a line that cannot be read, nobody can say what the next one is tied to.
    if (this.#suspects.length === 0 || this.#followsSuspect(line)) {
      this.#damage(line, 'the line was changed, or one before it is missing');
    }
  }

  /** Whether the line is known not to fit: what the damaged line before it states is still legible. */
  #followsSuspect(line: Line): boolean {
    const stated = this.#chains.at(-2);
    return stated !== undefined && !followsChain(line.text, stated);
  }

  #expectNext(line: Line, seq: number): void {
    const expected = this.#lastSeq + 1;
    const fits = seq >= expected && seq <= expected + this.#suspects.length;
    if (!fits) this.#damage(line, `expected event ${expected} here, got ${seq}`);
    this.#lastSeq = seq;
  }

  #damage(line: Line, reason: string): void {
    const known = this.#damaged.at(-1);
    const place = this.#place(line, reason);
    if (known?.lineNumber !== place.lineNumber) this.#damaged.push(place);
  }

  #place({ offset, byteLength }: Line, reason: string): DamagedLine {
    return { lineNumber: this.#chains.length, offset, byteLength, reason };
  }
}
