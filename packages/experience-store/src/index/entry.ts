import { scoreOf } from '../record/record.js';
import type { Counters, Experience } from '../record/record.js';

/** What decides the place of a record in an answer, where its line is, and what notes say of it. */
export interface Entry extends Counters {
  readonly offset: number;
  /** The length of the line without its newline. */
  readonly bytes: number;
  readonly score: number;
  readonly createdAt: string;
  readonly id: string;
  readonly pinned: boolean;
}

export function entryOf(record: Experience, place: { offset: number; bytes: number }): Entry {
  const { createdAt, id, seen, uses, helped, harmed, pinned } = record;
  const { offset, bytes } = place;
  const score = finite(scoreOf(record.reward));
  return { offset, bytes, score, createdAt, id, seen, uses, helped, harmed, pinned };
}

/** What decides the order of records that are equal in all else. */
export type Rank = Pick<Entry, 'createdAt' | 'offset' | 'score'>;

/** The order of answers: negative where the first comes first. */
export function compareEntries(a: Rank, b: Rank): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? 1 : -1;
  return a.offset - b.offset;
}

/** `[offset, bytes, score, createdAt, id, seen, uses, helped, harmed, pinned]` without zeros at its end. */
export type CompactEntry = (number | string)[];

export function packEntry(entry: Entry): CompactEntry {
  const { offset, bytes, score, createdAt, id, seen, uses, helped, harmed, pinned } = entry;
  const packed = [offset, bytes, score, createdAt, id, seen, uses, helped, harmed, pinned ? 1 : 0];
  while (packed.at(-1) === 0) packed.pop();
  return packed;
}

const texts = new WeakMap<Entry, string>();

/** The packed entry as JSON. Made once: of a domain's entries hardly one changes from write to write. */
export function textOfEntry(entry: Entry): string {
  let text = texts.get(entry);
  if (text === undefined) {
    text = JSON.stringify(packEntry(entry));
    texts.set(entry, text);
  }
  return text;
}

/** An entry was changed in place. */
export function forgetText(entry: Entry): void {
  texts.delete(entry);
}

/** `undefined` for anything that `packEntry` does not make. */
export function unpackEntry(packed: unknown): Entry | undefined {
  if (!Array.isArray(packed)) return undefined;
  const values: readonly unknown[] = packed;
  const [offset, bytes, score, createdAt, id] = values;
  if (typeof offset !== 'number' || typeof bytes !== 'number' || typeof score !== 'number') return;
  if (typeof createdAt !== 'string' || typeof id !== 'string') return;
  const count = (at: number): number => (typeof values[at] === 'number' ? values[at] : 0);
  const counters = { seen: count(5), uses: count(6), helped: count(7), harmed: count(8) };
  return { offset, bytes, score, createdAt, id, ...counters, pinned: count(9) === 1 };
}

/** Rewards near the largest number add up to more than JSON can hold. */
function finite(score: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, score));
}
