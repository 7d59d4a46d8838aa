import type { Line, LinePosition } from '@codex-orchestrator/core';

import { chainBehind, statedChain } from './chain.js';
import type { JournalAnchor } from './manifest.js';
import { parseEventLine } from './parse-event.js';
import type { ParsedEvent } from './parse-event.js';

export interface DamagedLine extends LinePosition {
  /** 1 for the first line. */
  readonly lineNumber: number;
  readonly reason: string;
}

type WholeEvent = Exclude<ParsedEvent, { readonly kind: 'damaged' }>;

/** Judges the lines of a journal one after the other and keeps none of them. */
export class JournalScanner {
  /**
   * Lines that are no events, not the ones expected at their place, or not tied to the line before.
   * Complete once `finish` was called.
   */
  readonly damaged: DamagedLine[] = [];
  /** Lines that are no events, between two that are tied to each other: nothing is missing. */
  readonly abandoned: DamagedLine[] = [];
  /** Lines with a newline, whatever is in them. */
  lines = 0;
  /** Events that state no chain. */
  unchained = 0;
  /** The last event: its number, where its line ends, its chain (empty where it states none). */
  end: JournalAnchor = { lines: 0, bytes: 0, head: '' };

  /** Lines since the last whole event that are none. */
  #suspects: DamagedLine[] = [];
  /** Values one of which the next line is tied to; undefined where nobody can say. */
  #heads: readonly string[] | undefined = [''];
  /** What the last suspect says of its chain. */
  #suspectChain: string | undefined;
  #unchainedBefore: DamagedLine | undefined;
  #hasChain = false;

  /** Takes the next line; returns what it says, undefined where that is nothing. */
  take(line: Line): WholeEvent | undefined {
    if (!line.terminated) return undefined;
    this.lines += 1;
    const parsed = parseEventLine(line.text);
    const chain = statedChain(line.text);
    if (parsed.kind === 'damaged') {
      this.#suspect(line, parsed.reason, chain);
      return undefined;
    }
    if (chain === undefined) this.#takeUnchained(line);
    else this.#link(line, chain);
    const seq = parsed.event.seq ?? this.end.lines + 1;
    this.#expectNext(line, seq);
    this.#suspects = [];
    this.end = { lines: seq, bytes: line.endOffset, head: chain ?? '' };
    return parsed;
  }

  /** Takes a line that was too long to look at. */
  takeOversized(position: LinePosition): void {
    this.lines += 1;
    this.#suspect(position, 'the line is too long', undefined);
  }

  finish(): void {
    this.damaged.push(...this.#suspects);
    this.#suspects = [];
  }

  #suspect(position: LinePosition, reason: string, chain: string | undefined): void {
    this.#suspects.push(this.#place(position, reason));
    this.#suspectChain = chain;
  }

  /** Older versions wrote no chain; a journal that one of them began may go on with one. */
  #takeUnchained(line: Line): void {
    this.damaged.push(...this.#suspects);
    this.#unchainedBefore = this.#place(line, 'the line states no chain, but those behind it do');
    if (this.#hasChain) {
      this.#damage(line, 'the line is not tied to the one before');
      this.#heads = undefined;
    }
    this.unchained += 1;
  }

  #link(line: Line, chain: string): void {
    const heads = this.#heads;
    const wanted = (heads ?? []).map((head) => chainBehind(head, line.bytes));
    const unchainedBefore = this.#hasChain ? undefined : this.#unchainedBefore;
    this.#hasChain = true;
    this.#heads = [chain];
    // A carriage return or a byte order mark is no part of the text, and was not written by us.
    const isExact = line.endOffset - line.offset === line.byteLength + 1;
    if (isExact && wanted.includes(chain)) {
      this.abandoned.push(...this.#suspects);
      return;
    }
    this.damaged.push(...this.#suspects);
    const nobodyKnows = this.#suspects.length > 0 ? this.#fitsSuspect(line, chain) : !heads;
    if (isExact && nobodyKnows) return;
    if (unchainedBefore) {
      this.damaged.push(unchainedBefore);
      return;
    }
    this.#damage(line, 'the line was changed, or one before it is missing');
    // If it was the value itself that was changed, the next line is tied to the true one.
    this.#heads = [chain, ...wanted];
  }

  /** Behind a line that cannot be read, only what it still says of its chain can be held against this one. */
  #fitsSuspect(line: Line, chain: string): boolean {
    const stated = this.#suspectChain;
    return stated === undefined || chainBehind(stated, line.bytes) === chain;
  }

  #expectNext(line: Line, seq: number): void {
    const expected = this.end.lines + 1;
    const fits = seq >= expected && seq <= expected + this.#suspects.length;
    if (!fits) this.#damage(line, `expected event ${expected} here, got ${seq}`);
  }

  /** Of what is wrong with one line the first counts. */
  #damage(line: Line, reason: string): void {
    const place = this.#place(line, reason);
    if (this.damaged.at(-1)?.lineNumber !== place.lineNumber) this.damaged.push(place);
  }

  #place({ offset, byteLength }: LinePosition, reason: string): DamagedLine {
    return { lineNumber: this.lines, offset, byteLength, reason };
  }
}
