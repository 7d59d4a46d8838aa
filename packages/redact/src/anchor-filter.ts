import type { ByteClass } from './byte-class.js';
import { pairOf } from './pair-view.js';

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
  readonly #before = new Uint8Array(65_536);
  readonly #at = new Uint8Array(65_536);
  readonly #after = new Uint8Array(65_536);

  /** Adds a start: what its first bytes may be. */
  add(head: readonly ByteClass[], group: 0 | 1): void {
    for (let distance = 0; distance < 4; distance++) {
      const bit = 1 << (distance + 4 * group);
      allowPairs(this.#before, bit, head[distance - 2], head[distance - 1]);
      allowPairs(this.#at, bit, head[distance], head[distance + 1]);
      allowPairs(this.#after, bit, head[distance + 2], head[distance + 3]);
    }
  }

  copy(): AnchorFilter {
    const copied = new AnchorFilter();
    copied.#before.set(this.#before);
    copied.#at.set(this.#at);
    copied.#after.set(this.#after);
    return copied;
  }

  /**
   * The index of the next pair from `index` on, in steps of two pairs, near which a match may begin; -1
   * where none is. A match begins at the pair or at most three bytes before it.
   */
  find(pairs: Uint16Array, index: number): number {
    let next = index;
    if (next === 0) {
      if (this.#at[pairs[0] ?? 0] !== 0) return 0;
      next = 2;
    }
    for (;;) {
      next = findPair(pairs, next, this.#before, this.#at);
      if (next < 0) return -1;
      if (next + 1 >= pairs.length || this.#distances(pairs, next) !== 0) return next;
      next += 2;
    }
  }

  #distances(pairs: Uint16Array, index: number): number {
    const before = this.#before[pairs[index - 1] ?? 0] ?? 0;
    const at = this.#at[pairs[index] ?? 0] ?? 0;
    return before & at & (this.#after[pairs[index + 1] ?? 0] ?? 0);
  }
}

/** The hot loop, on its own and with nothing else in it. */
function findPair(pairs: Uint16Array, from: number, before: Uint8Array, at: Uint8Array): number {
  const end = pairs.length;
  for (let index = from; index < end; index += 2) {
    if (((before[pairs[index - 1] ?? 0] ?? 0) & (at[pairs[index] ?? 0] ?? 0)) !== 0) {
      return index;
    }
  }
  return -1;
}

function allowPairs(
  table: Uint8Array,
  bit: number,
  first: ByteClass | undefined,
  second: ByteClass | undefined,
): void {
  const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  const highs = membersOf(second);
  for (const low of membersOf(first)) {
    for (const high of highs) {
      const pair = pairOf(low, high, isLittleEndian);
      table[pair] = (table[pair] ?? 0) | bit;
    }
  }
}

function membersOf(members: ByteClass | undefined): number[] {
  const found: number[] = [];
  for (let byte = 0; byte < 256; byte++) {
    if (members === undefined || members[byte] === 1) found.push(byte);
  }
  return found;
}
