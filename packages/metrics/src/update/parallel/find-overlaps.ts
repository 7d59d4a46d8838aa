import type { RunLookup } from '../../index/run-index.js';
import { offsetOf, segmentOf, SLOT_WORDS } from '../../index/slot.js';
import type { RunPlace } from '../../index/slot.js';
import type { EntryStore } from '../entry-store.js';
import { latestFirst } from '../history-fold.js';

/** A run that both halves of a history have counted. */
export interface Overlap {
  /** The attempt that does not count beside the other half's: the earlier one of the two. */
  readonly superseded: RunPlace;
  /**
   * Those that the second half would not have counted after the first: their attempts are not greater
   * than the one that the first half came to.
   */
  readonly ignored: readonly SlotPlace[];
}

export interface SlotPlace extends RunPlace {
  /** The first word of its slot. */
  readonly at: number;
}

interface Attempt extends SlotPlace {
  readonly attempt: number;
}

/** Each takes some reads. */
const MOST_ATTEMPTS = 20_000;

/**
 * Runs that the slots of the second half have, and the index of the first half has too. `undefined`
 * where there are too many of them.
 */
export function findOverlaps(
  first: RunLookup,
  slots: Int32Array,
  store: EntryStore,
): Overlap[] | undefined {
  const found = new Map<string, { attempts: Attempt[]; earlier: readonly RunPlace[] }>();
  let count = 0;
  for (let at = 0; at < slots.length; at += SLOT_WORDS) {
    const high = slots[at + 2] ?? 0;
    if (high === 0) continue;
    const earlier = first.find(slots[at] ?? 0, slots[at + 1] ?? 0);
    if (earlier.length === 0) continue;
    count += 1;
    if (count > MOST_ATTEMPTS) return undefined;
    const place = { segment: segmentOf(high), offset: offsetOf(high, slots[at + 3] ?? 0), at };
    const facts = store.factsAt(place);
    if (facts === undefined) return undefined;
    const { runId, attempt } = facts;
    const run = found.get(runId) ?? { attempts: [], earlier };
    run.attempts.push({ ...place, attempt });
    found.set(runId, run);
  }
  return [...found].flatMap(([runId, { attempts, earlier }]) => {
    const counted = latestOf(runId, earlier, store);
    return counted === undefined ? [] : [overlapOf(counted, attempts)];
  });
}

interface Counted {
  readonly place: RunPlace;
  readonly attempt: number;
}

/** What the first half has come to. Another run may have the same hash. */
function latestOf(
  runId: string,
  places: readonly RunPlace[],
  store: EntryStore,
): Counted | undefined {
  for (const place of places.toSorted(latestFirst)) {
    const facts = store.factsAt(place);
    if (facts?.runId === runId) return { place, attempt: facts.attempt };
  }
  return undefined;
}

/** The second half has counted each of its attempts in turn, for each is greater than the one before. */
function overlapOf(counted: Counted, attempts: readonly Attempt[]): Overlap {
  const ignored = attempts
    .filter(({ attempt }) => attempt <= counted.attempt)
    .toSorted((one, other) => one.attempt - other.attempt);
  const last = ignored.at(-1);
  const isIgnored = last !== undefined && ignored.length === attempts.length;
  return { superseded: isIgnored ? last : counted.place, ignored };
}
