import type { FileSystem } from '@codex-orchestrator/core';

import type { EntryFacts } from '../fold/facts.js';
import { openSegment } from '../history/segment-source.js';
import type { SegmentSource } from '../history/segment-source.js';
import type { Segment } from '../history/segments.js';
import type { RunPlace } from '../index/slot.js';
import { EntryReader } from '../scan/entry-reader.js';

const MOST_OPEN = 32;

/** The segments of one look at a history, opened when they are needed, and entries by their place. */
export class EntryStore implements Disposable {
  /** Of single entries; whoever reads a source counts for itself. */
  bytesRead = 0;
  readonly #segments: readonly Segment[];
  readonly #fs: FileSystem;
  /** The one that was asked for longest ago comes first. */
  readonly #open = new Map<number, SegmentSource>();
  /** Made when it is needed: most updates find no run again. */
  #reader: EntryReader | undefined;

  constructor(segments: readonly Segment[], fs: FileSystem) {
    this.#segments = segments;
    this.#fs = fs;
  }

  /** @throws MetricsError `HISTORY_UNREADABLE`. */
  source(ordinal: number): SegmentSource {
    const open = this.#open.get(ordinal) ?? this.#openNew(ordinal);
    this.#open.delete(ordinal);
    this.#open.set(ordinal, open);
    return open;
  }

  /**
   * The facts of the entry at a place, valid until the next call; `undefined` where there is none.
   *
   * @throws MetricsError `HISTORY_UNREADABLE`.
   */
  factsAt({ segment, offset }: RunPlace): EntryFacts | undefined {
    if (segment >= this.#segments.length) return undefined;
    const line = this.source(segment).readLine(offset);
    this.bytesRead += line.byteLength;
    this.#reader ??= new EntryReader();
    return this.#reader.read(line, 0, line.byteLength);
  }

  [Symbol.dispose](): void {
    for (const source of this.#open.values()) source[Symbol.dispose]();
    this.#open.clear();
  }

  #openNew(ordinal: number): SegmentSource {
    const segment = this.#segments[ordinal];
    if (segment === undefined) throw new RangeError(`The history has no segment ${ordinal}`);
    for (const [oldest, source] of this.#open) {
      if (this.#open.size < MOST_OPEN) break;
      source[Symbol.dispose]();
      this.#open.delete(oldest);
    }
    return openSegment(segment, { fs: this.#fs });
  }
}
