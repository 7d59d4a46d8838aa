import { offsetOf, segmentOf, SLOT_WORDS } from './slot.js';
import type { RunPlace } from './slot.js';

/** Where the slots of a table lie: pages of the same size, one at a time. */
export interface SlotPages {
  /** The binary logarithm of the slots in a page. */
  readonly pageBits: number;
  /** The words of a page, valid until the next call. */
  page(number: number): Int32Array;
  /** The slot at that word of the page asked for last was written. */
  changed(word: number): void;
}

/** Says that a whole table was passed without a free slot. */
export class TableFull extends Error {
  override readonly name = 'TableFull';
}

const NONE: readonly RunPlace[] = [];

/**
 * Open addressing with linear probing, wrapping around at the end. Slots are added, never removed. The
 * highest bits of a hash say where it is looked for first: a table of twice the size has the same slots
 * in nearly the same order, further apart, so that growing is one sequential pass.
 */
export class SlotTable {
  readonly #pages: SlotPages;
  readonly #capacity: number;
  readonly #shift: number;

  /** @param capacityBits from 1 to 31: the binary logarithm of the number of slots */
  constructor(pages: SlotPages, capacityBits: number) {
    this.#pages = pages;
    this.#capacity = 2 ** capacityBits;
    this.#shift = 32 - capacityBits;
  }

  /** Every place that was added under this hash, in the order of adding while the table does not grow. */
  find(hashHigh: number, hashLow: number): readonly RunPlace[] {
    const pages = this.#pages;
    const pageMask = (1 << pages.pageBits) - 1;
    let found: RunPlace[] | undefined;
    let slot = hashHigh >>> this.#shift;
    for (let left = this.#capacity; left > 0;) {
      const words = pages.page(slot >>> pages.pageBits);
      const first = slot & pageMask;
      for (let at = first * SLOT_WORDS; at < words.length; at += SLOT_WORDS) {
        const placeHigh = words[at + 2] ?? 0;
        if (placeHigh === 0) return found ?? NONE;
        if (words[at] === hashHigh && words[at + 1] === hashLow) {
          const offset = offsetOf(placeHigh, words[at + 3] ?? 0);
          (found ??= []).push({ segment: segmentOf(placeHigh), offset });
        }
      }
      const passed = pageMask + 1 - first;
      left -= passed;
      slot = (slot + passed) % this.#capacity;
    }
    throw new TableFull();
  }

  /**
   * Adds the slot whose first word is `source[from]`. Returns false when the very same one is there.
   *
   * @throws TableFull
   */
  add(source: Int32Array, from: number): boolean {
    const pages = this.#pages;
    const pageMask = (1 << pages.pageBits) - 1;
    const hashHigh = source[from] ?? 0;
    let slot = hashHigh >>> this.#shift;
    for (let left = this.#capacity; left > 0;) {
      const words = pages.page(slot >>> pages.pageBits);
      const first = slot & pageMask;
      for (let at = first * SLOT_WORDS; at < words.length; at += SLOT_WORDS) {
        if (words[at + 2] === 0) {
          copySlot(words, at, source, from);
          pages.changed(at);
          return true;
        }
        if (words[at] === hashHigh && isSame(words, at, source, from)) return false;
      }
      const passed = pageMask + 1 - first;
      left -= passed;
      slot = (slot + passed) % this.#capacity;
    }
    throw new TableFull();
  }
}

function copySlot(target: Int32Array, at: number, source: Int32Array, from: number): void {
  target[at] = source[from] ?? 0;
  target[at + 1] = source[from + 1] ?? 0;
  target[at + 2] = source[from + 2] ?? 0;
  target[at + 3] = source[from + 3] ?? 0;
}

function isSame(words: Int32Array, at: number, source: Int32Array, from: number): boolean {
  for (let word = 0; word < SLOT_WORDS; word++) {
    if (words[at + word] !== source[from + word]) return false;
  }
  return true;
}
