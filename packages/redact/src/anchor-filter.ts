import { membersOf } from './byte-class.js';
import type { ByteClass } from './byte-class.js';
import { pairOf } from './pair-view.js';

const distances = [0, 1, 2, 3] as const;
const allDistances = 0b1111;

/**
 * Says quickly where a match may begin. It looks at every fourth byte only, at the pairs of bytes
 * around it: a table holds for each pair at which of the four distances from a start it may stand. Two
 * lookups in tables of 64 KiB so decide on four bytes, and nearly all of them need no more.
 *
 * A bit is a distance in one of two groups; groups keep the pairs of one kind of start from making
 * candidates with those of another.
 */
export class AnchorFilter {
  /** For the pairs that end before the looked-at byte, begin at it, and come two bytes after it. */
  readonly #before = new PairTable();
  readonly #at = new PairTable();
  readonly #after = new PairTable();
  /** By a hash of the first four bytes: whether something begins with them. */
  readonly #starts = new Uint8Array(65_536);

  /** Adds a start: what its first bytes may be, at least four of them. */
  add(head: readonly ByteClass[], group: 0 | 1): void {
    for (const distance of distances) {
      const bit = 1 << (distance + 4 * group);
      this.#before.allow(bit, head[distance - 2], head[distance - 1]);
      this.#at.allow(bit, head[distance], head[distance + 1]);
      this.#after.allow(bit, head[distance + 2], head[distance + 3]);
    }
    const [first, second, third, fourth] = head.slice(0, 4).map(membersOf);
    for (const a of first ?? []) {
      for (const b of second ?? []) {
        for (const c of third ?? []) {
          for (const d of fourth ?? []) this.#starts[hashOf(a, b, c, d)] = 1;
        }
      }
    }
  }

  /**
   * The next index from `from` on at which four bytes are that something begins with; -1 where there
   * is none before the tail of the view.
   */
  nextStart(data: Uint8Array, pairs: Uint16Array, offset: number, from: number): number {
    let index = 2 * Math.max(0, Math.ceil((from - offset) / 4));
    while (index < pairs.length) {
      // Before the first pair is nothing to look at.
      if (index > 0) index = findPair(pairs, index, this.#before.bits, this.#at.bits);
      if (index < 0) return -1;
      const start = this.#startNear(
        data,
        offset + 2 * index,
        this.#distancesAt(pairs, index),
        from,
      );
      if (start >= 0) return start;
      index += 2;
    }
    return -1;
  }

  #distancesAt(pairs: Uint16Array, index: number): number {
    let bits = this.#at.bits[pairs[index] ?? 0] ?? 0;
    if (index > 0) bits &= this.#before.bits[pairs[index - 1] ?? 0] ?? 0;
    if (index + 1 < pairs.length) bits &= this.#after.bits[pairs[index + 1] ?? 0] ?? 0;
    return (bits | (bits >> 4)) & allDistances;
  }

  #startNear(data: Uint8Array, looked: number, bits: number, from: number): number {
    for (let distance = 3; distance >= 0; distance--) {
      const start = looked - distance;
      if ((bits & (1 << distance)) !== 0 && start >= from && this.#isStart(data, start))
        return start;
    }
    return -1;
  }

  #isStart(data: Uint8Array, at: number): boolean {
    if (at + 4 > data.length) return true;
    const hash = hashOf(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0, data[at + 3] ?? 0);
    return this.#starts[hash] === 1;
  }
}

/** The hot loop, on its own and with nothing else in it. */
function findPair(pairs: Uint16Array, from: number, before: Uint8Array, at: Uint8Array): number {
  const end = pairs.length;
  for (let index = from; index < end; index += 2) {
    if (((before[pairs[index - 1] ?? 0] ?? 0) & (at[pairs[index] ?? 0] ?? 0)) !== 0) return index;
  }
  return -1;
}

class PairTable {
  readonly bits = new Uint8Array(65_536);
  /** Set for every pair. */
  #everywhere = 0;
  readonly #done = new Map<ByteClass | undefined, Map<ByteClass | undefined, number>>();
  readonly #isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

  /** Sets a bit for all pairs of such bytes; a missing class is any byte. */
  allow(bit: number, first: ByteClass | undefined, second: ByteClass | undefined): void {
    if ((this.#everywhere & bit) !== 0) return;
    if (first === undefined && second === undefined) {
      this.#everywhere |= bit;
      setEverywhere(this.bits, bit);
    } else if (!this.#isDone(bit, first, second)) {
      const highs = membersOf(second);
      for (const low of membersOf(first)) {
        for (const high of highs) {
          const pair = pairOf(low, high, this.#isLittleEndian);
          this.bits[pair] = (this.bits[pair] ?? 0) | bit;
        }
      }
    }
  }

  /** Many rules share their classes: without this the tables would take most of their time. */
  #isDone(bit: number, first: ByteClass | undefined, second: ByteClass | undefined): boolean {
    const bySecond = this.#done.get(first) ?? new Map<ByteClass | undefined, number>();
    const bits = bySecond.get(second) ?? 0;
    this.#done.set(first, bySecond);
    bySecond.set(second, bits | bit);
    return (bits & bit) !== 0;
  }
}

/** Four bytes at a time: there are no other steps as large as this in making a filter. */
function setEverywhere(bits: Uint8Array, bit: number): void {
  const words = new Int32Array(bits.buffer);
  const word = Math.imul(bit, 0x01010101);
  for (let index = 0; index < words.length; index++) words[index] = (words[index] ?? 0) | word;
}

function hashOf(first: number, second: number, third: number, fourth: number): number {
  const word = first | (second << 8) | (third << 16) | (fourth << 24);
  return Math.imul(word, 0x9e3779b1) >>> 16;
}
