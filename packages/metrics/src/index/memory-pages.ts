import { SLOT_WORDS } from './slot.js';
import type { SlotPages } from './slot-table.js';

/** Slots of a table in memory. */
export class MemoryPages implements SlotPages {
  /** A mebibyte: large enough for few writes, small enough to be given back one by one. */
  static readonly maxPageBits = 16;

  readonly pageBits: number;
  readonly #pages: Int32Array[];

  constructor(capacityBits: number) {
    this.pageBits = Math.min(capacityBits, MemoryPages.maxPageBits);
    const words = 2 ** this.pageBits * SLOT_WORDS;
    const count = 2 ** (capacityBits - this.pageBits);
    this.#pages = Array.from({ length: count }, () => new Int32Array(words));
  }

  page(number: number): Int32Array {
    // A slot is always below the capacity.
    return this.#pages[number] ?? EMPTY;
  }

  changed(): void {
    // Whoever writes them out writes all of them.
  }

  /** Hands out page after page and keeps none. */
  *drain(): Generator<Int32Array> {
    for (const [number, page] of this.#pages.entries()) {
      this.#pages[number] = EMPTY;
      yield page;
    }
  }

  /** All pages, in order. */
  *[Symbol.iterator](): Generator<Int32Array> {
    yield* this.#pages;
  }
}

const EMPTY = new Int32Array(0);
