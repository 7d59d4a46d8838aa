import { builtInReducers } from '../../fold/built-in.js';
import { Fold } from '../../fold/fold.js';
import type { EntryFacts } from '../../fold/facts.js';
import { RECENT_RUNS, recentRuns } from '../../fold/recent-runs.js';
import type { RunIndexBuilder } from '../../index/run-index-builder.js';
import type { RunPlace } from '../../index/slot.js';
import type { EntryStore } from '../entry-store.js';
import { addCounts, NAMED_DAMAGED_LINES } from '../history-fold.js';
import type { HistoryFold } from '../history-fold.js';
import { findOverlaps } from './find-overlaps.js';
import type { Overlap } from './find-overlaps.js';
import type { LaterHalf } from './later-half.js';

/** What the first half of a history has come to. */
export interface FirstHalf {
  readonly fold: Fold;
  readonly index: RunIndexBuilder;
  readonly store: EntryStore;
  readonly history: HistoryFold;
}

/**
 * Adds the second half of a history to the first one, so that all is as if it had been counted after it,
 * and settles `history`.
 *
 * What the second half counted by itself is what it would have counted after the first, and attempts of
 * runs that the first half knows: a run's attempts count as long as they grow. Taking these away again
 * leaves sums as they are to be, for they are exact.
 *
 * @returns false where the same cannot be told from the halves; nothing is changed then.
 */
export function mergeLater(first: FirstHalf, later: LaterHalf): boolean {
  const { fold, index, store, history } = first;
  const laterFold = decode(later.reducers)?.without(recentRuns);
  const overlaps = findOverlaps(index, later.slots, store);
  if (laterFold === undefined || overlaps === undefined) return false;
  const recent = recentPlaces(later, overlaps);
  if (recent.length < RECENT_RUNS || !canMerge(first, later, overlaps)) return false;
  history.settle();
  const sums = fold.without(recentRuns);
  sums.merge(laterFold);
  for (const { superseded } of overlaps) sums.retract(factsAt(store, superseded));
  // So many that none of the first half remains in the list.
  for (const place of recent) fold.only(recentRuns).add(factsAt(store, place));
  for (const { at } of overlaps.flatMap(({ ignored }) => ignored)) later.slots[at + 2] = 0;
  index.addSlots(later.slots);
  Object.assign(history.counts, countsOf(history, later, overlaps));
  const room = NAMED_DAMAGED_LINES - history.damagedLines.length;
  history.damagedLines.push(...later.damagedLines.slice(0, room));
  return true;
}

/**
 * Entries that the second half should not have counted must not have brought any names: these would stay
 * and take their places in the orders in which things were first seen. And what has no room for more
 * names must not be merged.
 */
function canMerge(
  { fold, store }: FirstHalf,
  later: LaterHalf,
  overlaps: readonly Overlap[],
): boolean {
  const copy = decode(fold.encode())?.without(recentRuns);
  const laterCopy = decode(later.reducers)?.without(recentRuns);
  if (copy === undefined || laterCopy === undefined) return false;
  const before = JSON.stringify(copy.encode());
  for (const place of overlaps.flatMap(({ ignored }) => ignored)) {
    const facts = factsAt(store, place);
    copy.add(facts);
    copy.retract(facts);
  }
  if (JSON.stringify(copy.encode()) !== before) return false;
  try {
    copy.merge(laterCopy);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function recentPlaces(
  { recentPlaces: places }: LaterHalf,
  overlaps: readonly Overlap[],
): RunPlace[] {
  const superseded = new Set(overlaps.map((overlap) => nameOf(overlap.superseded)));
  return places.filter((place) => !superseded.has(nameOf(place))).slice(-RECENT_RUNS);
}

function nameOf({ segment, offset }: RunPlace): string {
  return `${segment}:${offset}`;
}

function countsOf(
  { counts }: HistoryFold,
  later: LaterHalf,
  overlaps: readonly Overlap[],
): HistoryFold['counts'] {
  const ignored = overlaps.reduce((sum, overlap) => sum + overlap.ignored.length, 0);
  const sum = addCounts(counts, later.counts);
  return {
    ...sum,
    entries: sum.entries - ignored,
    repeated: sum.repeated + ignored,
    runs: sum.runs - overlaps.length,
    // The first attempt of a run replaces one now, unless it is ignored as others may be.
    replaced: sum.replaced + overlaps.length - ignored,
  };
}

function decode(reducers: LaterHalf['reducers']): Fold | undefined {
  return Fold.decode(builtInReducers(), reducers);
}

function factsAt(store: EntryStore, place: RunPlace): EntryFacts {
  const facts = store.factsAt(place);
  if (facts === undefined) throw new Error('Internal error: a counted entry is gone');
  return facts;
}
