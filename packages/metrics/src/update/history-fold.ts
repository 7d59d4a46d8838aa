import type { CheckpointCounts } from '../checkpoint/checkpoint.js';
import type { EntryFacts } from '../fold/facts.js';
import type { Fold } from '../fold/fold.js';
import { recentRuns } from '../fold/recent-runs.js';
import type { RunLookup } from '../index/run-index.js';
import type { RunPlace } from '../index/slot.js';
import type { EntryReader } from '../scan/entry-reader.js';
import type { DamagedLine, EntryVisitor } from '../scan/scan-range.js';
import type { EntryStore } from './entry-store.js';
import { RecentPlaces } from './recent-places.js';
import type { DamagedLineReport } from './update-report.js';

/** How many damaged lines are named; the others are counted. */
export const NAMED_DAMAGED_LINES = 20;

export const noCounts: CheckpointCounts = {
  lines: 0,
  entries: 0,
  runs: 0,
  repeated: 0,
  replaced: 0,
  damaged: 0,
};

export function addCounts(one: CheckpointCounts, other: CheckpointCounts): CheckpointCounts {
  return {
    lines: one.lines + other.lines,
    entries: one.entries + other.entries,
    runs: one.runs + other.runs,
    repeated: one.repeated + other.repeated,
    replaced: one.replaced + other.replaced,
    damaged: one.damaged + other.damaged,
  };
}

export interface HistoryFoldParts {
  readonly fold: Fold;
  readonly index: RunLookup;
  readonly store: EntryStore;
  /**
   * Whether so much is to be counted that the list of recent runs is better made by `settle` than kept
   * all the time.
   */
  readonly isBulk: boolean;
}

/**
 * Counts entries in the order of the history: each attempt of a run once, the latest one in place of
 * those before it. It is given the lines of one segment after the other.
 */
export class HistoryFold implements EntryVisitor {
  /** Of what this object has seen. */
  readonly counts: { -readonly [Name in keyof CheckpointCounts]: CheckpointCounts[Name] } = {
    ...noCounts,
  };
  /** The first of them. */
  readonly damagedLines: DamagedLineReport[] = [];

  readonly #whole: Fold;
  readonly #index: RunLookup;
  readonly #store: EntryStore;
  #fold: Fold;
  #recent: RecentPlaces | undefined;
  #ordinal = 0;
  #name = '';

  constructor({ fold, index, store, isBulk }: HistoryFoldParts) {
    this.#whole = fold;
    this.#index = index;
    this.#store = store;
    this.#fold = isBulk ? fold.without(recentRuns) : fold;
    this.#recent = isBulk ? new RecentPlaces() : undefined;
  }

  /** Says which segment the following lines are of. */
  enter(ordinal: number, name: string): void {
    this.#ordinal = ordinal;
    this.#name = name;
  }

  entry(facts: EntryFacts, reader: EntryReader, offset: number): void {
    const { hashHigh, hashLow } = reader;
    if (!this.#count(facts, this.#index.find(hashHigh, hashLow))) return;
    const place = { segment: this.#ordinal, offset };
    this.#index.add(hashHigh, hashLow, place);
    this.#recent?.add(place);
  }

  damaged({ offset, byteLength, reason }: DamagedLine): void {
    this.counts.lines += 1;
    this.counts.damaged += 1;
    if (this.damagedLines.length >= NAMED_DAMAGED_LINES) return;
    this.damagedLines.push({ segment: this.#name, offset, byteLength, reason });
  }

  /** Where the last entries lie that count, as long as `settle` was not called; hundreds of them. */
  get recentPlaces(): readonly RunPlace[] {
    return this.#recent?.places ?? [];
  }

  /** Completes what was put off; to be called when all lines that a newline ends were given. */
  settle(): void {
    const recent = this.#whole.only(recentRuns);
    for (const place of this.#recent?.latest() ?? []) {
      const facts = this.#store.factsAt(place);
      if (facts !== undefined) recent.add(facts);
    }
    this.#recent = undefined;
    this.#fold = this.#whole;
  }

  /**
   * Counts a last line that nothing ends yet, without noting its place: it is read again when there is
   * more of it. What this object comes to is then good for one look only.
   */
  provisional(facts: EntryFacts, reader: EntryReader): void {
    this.#count(facts, this.#index.find(reader.hashHigh, reader.hashLow));
  }

  /** Whether it counts. */
  #count(facts: EntryFacts, places: readonly RunPlace[]): boolean {
    const { counts } = this;
    counts.lines += 1;
    const counted = places.length === 0 ? undefined : this.#counted(facts.runId, places);
    if (counted === undefined) {
      counts.runs += 1;
    } else if (facts.attempt > counted.facts.attempt) {
      this.#fold.retract(counted.facts);
      this.#recent?.remove(counted.place);
      counts.replaced += 1;
    } else {
      counts.repeated += 1;
      return false;
    }
    counts.entries += 1;
    this.#fold.add(facts);
    return true;
  }

  /** The entry that stands for the run now. The hash only says where it could be. */
  #counted(runId: string, places: readonly RunPlace[]): CountedEntry | undefined {
    for (const place of places.toSorted(latestFirst)) {
      const facts = this.#store.factsAt(place);
      if (facts?.runId === runId) return { facts, place };
    }
    return undefined;
  }
}

interface CountedEntry {
  readonly facts: EntryFacts;
  readonly place: RunPlace;
}

export function latestFirst(one: RunPlace, other: RunPlace): number {
  return other.segment - one.segment || other.offset - one.offset;
}
