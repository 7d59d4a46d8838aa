/**
 * One slot is four 32-bit words: the two lanes of the hash of a run id, and the place of an entry of that
 * run. A third word of zero marks a free slot; that of a place is never zero.
 */
export const SLOT_WORDS = 4;
export const SLOT_BYTES = 16;

/** Where an entry lies. */
export interface RunPlace {
  /** The position of its segment in the history, from 0. */
  readonly segment: number;
  /** Where its line begins. */
  readonly offset: number;
}

const SEGMENT_BITS = 20;
const OFFSET_HIGH_BITS = 32 - SEGMENT_BITS;
const OFFSET_HIGH_MASK = (1 << OFFSET_HIGH_BITS) - 1;
const TWO_32 = 2 ** 32;

/** One less than the words can hold: the first of them is never zero. */
const MAX_SEGMENTS = 2 ** SEGMENT_BITS - 1;
const MAX_OFFSET = 2 ** (32 + OFFSET_HIGH_BITS) - 1;

/** @throws RangeError when a history has more segments, or a segment more bytes, than a slot can name. */
export function placeHigh({ segment, offset }: RunPlace): number {
  if (!(segment >= 0 && segment < MAX_SEGMENTS && offset >= 0 && offset <= MAX_OFFSET)) {
    throw new RangeError(`No slot can name byte ${offset} of segment ${segment}`);
  }
  return ((segment + 1) << OFFSET_HIGH_BITS) | Math.floor(offset / TWO_32);
}

export function placeLow({ offset }: RunPlace): number {
  return offset | 0;
}

export function segmentOf(high: number): number {
  return (high >>> OFFSET_HIGH_BITS) - 1;
}

export function offsetOf(high: number, low: number): number {
  return (high & OFFSET_HIGH_MASK) * TWO_32 + (low >>> 0);
}

/**
 * Number and digest of slots in use. The digest is a sum, so that it follows every slot added without
 * the others being read, and the same slots give the same one in every order. It finds accidents, not
 * forgeries.
 */
export class SlotTally {
  #used = 0;
  #one = 0;
  #other = 0;

  /** Goes on from what a mark says. */
  static from(mark: { readonly used: number; readonly digest: string }): SlotTally {
    const tally = new SlotTally();
    tally.#used = mark.used;
    tally.#one = Number.parseInt(mark.digest.slice(0, 8), 16) | 0;
    tally.#other = Number.parseInt(mark.digest.slice(8), 16) | 0;
    return tally;
  }

  get used(): number {
    return this.#used;
  }

  get digest(): string {
    return hex(this.#one) + hex(this.#other);
  }

  /** Counts the slot whose first word is `words[at]`. */
  count(words: Int32Array, at: number): void {
    const high = words[at + 2] ?? 0;
    const low = words[at + 3] ?? 0;
    let one = Math.imul((words[at] ?? 0) ^ low, 0x9e3779b1);
    one = Math.imul(one ^ (one >>> 15) ^ (words[at + 1] ?? 0), 0x85ebca77);
    one = Math.imul(one ^ (one >>> 13) ^ high, 0xc2b2ae3d);
    one ^= one >>> 16;
    let other = Math.imul(one ^ (words[at + 1] ?? 0), 0x27d4eb2f);
    other = Math.imul(other ^ (other >>> 15) ^ low, 0x165667b1);
    this.#used += 1;
    this.#one = (this.#one + one) | 0;
    this.#other = (this.#other + (other ^ (other >>> 13))) | 0;
  }
}

/** Eight hexadecimal digits. */
export function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
