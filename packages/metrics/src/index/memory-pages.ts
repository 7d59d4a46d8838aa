import { SLOT_WORDS } from './slot.js';
import type { SlotPages } from './slot-table.js';

/** Slots of a table in memory: one page, for a look-up in one array takes half the time of one in many. */
export class MemoryPages implements SlotPages {
  readonly pageBits: number;
  readonly words: Int32Array<ArrayBuffer>;

  constructor(capacityBits: number) {
    this.pageBits = capacityBits;
    this.words = new Int32Array(2 ** capacityBits * SLOT_WORDS);
  }

  page(): Int32Array {
    return this.words;
  }

  changed(): void {
    // Whoever writes them out writes all of them.
  }
}
