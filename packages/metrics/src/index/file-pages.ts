import { bytesOf, HEADER_BYTES } from './index-file.js';
import type { IndexFile } from './index-file.js';
import { SLOT_BYTES, SLOT_WORDS } from './slot.js';
import type { SlotPages } from './slot-table.js';

/** 4 KiB, what the kernel keeps as one piece. */
const PAGE_BITS = 8;
const PAGE_WORDS = 2 ** PAGE_BITS * SLOT_WORDS;
export const PAGE_BYTES = 2 ** PAGE_BITS * SLOT_BYTES;

export interface FilePagesOptions {
  /** Pages that are kept in memory. */
  readonly maxPages: number;
  /** Whether nothing has been written yet: what is blank needs no reading. */
  readonly isBlank: boolean;
  /** Called before changed slots are written. */
  beforeWrite(): void;
}

/**
 * Slots of a table in a file, some of its pages in memory. Of a page that was changed only the slots from
 * the first changed one to the last are written: when its place is needed, or by `flush`.
 */
export class FilePages implements SlotPages {
  readonly pageBits = PAGE_BITS;
  pagesRead = 0;
  readonly #file: IndexFile;
  readonly #options: FilePagesOptions;
  readonly #mostFrames: number;
  readonly #frames: Frame[] = [];
  readonly #frameOf = new Map<number, Frame>();
  /** Which pages the file has; `undefined` when it has all. */
  readonly #written: Uint8Array | undefined;
  #hand = 0;
  #last: Frame | undefined;

  constructor(file: IndexFile, options: FilePagesOptions) {
    const count = Math.ceil((file.identity.capacity * SLOT_BYTES) / PAGE_BYTES);
    this.#file = file;
    this.#options = options;
    this.#mostFrames = Math.min(count, options.maxPages);
    this.#written = options.isBlank ? new Uint8Array(count) : undefined;
  }

  page(number: number): Int32Array {
    if (this.#last?.page === number) return this.#last.words;
    const frame = this.#frameOf.get(number) ?? this.#load(number);
    frame.wasUsed = true;
    this.#last = frame;
    return frame.words;
  }

  changed(word: number): void {
    const frame = this.#last;
    if (!frame) return;
    frame.from = Math.min(frame.from, word);
    frame.to = Math.max(frame.to, word + SLOT_WORDS);
  }

  /** Writes what was changed, in the order of the file. */
  flush(): void {
    const changed = this.#frames.filter(isChanged).sort((one, other) => one.page - other.page);
    for (const frame of changed) this.#write(frame);
  }

  #load(number: number): Frame {
    const frame = this.#vacate();
    this.#frameOf.delete(frame.page);
    if (this.#written?.[number] === 0) {
      frame.words.fill(0);
    } else {
      // A page that could not be read is nobody's.
      frame.page = -1;
      this.#file.read(bytesOf(frame.words), HEADER_BYTES + number * PAGE_BYTES);
      this.pagesRead += 1;
    }
    frame.page = number;
    this.#frameOf.set(number, frame);
    return frame;
  }

  /** A frame that has none, or gave up its page because it was not asked for since the hand last passed. */
  #vacate(): Frame {
    // One by one: most uses touch few pages.
    if (this.#frames.length < this.#mostFrames) {
      const frame = new Frame(new Int32Array(PAGE_WORDS));
      this.#frames.push(frame);
      return frame;
    }
    for (;;) {
      const frame = this.#frames[this.#hand];
      if (!frame) throw new Error('Internal error: there is no memory for a page');
      this.#hand = (this.#hand + 1) % this.#frames.length;
      if (!frame.wasUsed) {
        if (isChanged(frame)) this.#write(frame);
        return frame;
      }
      frame.wasUsed = false;
    }
  }

  #write(frame: Frame): void {
    this.#options.beforeWrite();
    // The rest of a page that the file does not have yet is a hole, which reads as free slots.
    const bytes = bytesOf(frame.words.subarray(frame.from, frame.to));
    const position = HEADER_BYTES + frame.page * PAGE_BYTES;
    this.#file.write(bytes, position + frame.from * Int32Array.BYTES_PER_ELEMENT);
    frame.from = PAGE_WORDS;
    frame.to = 0;
    if (this.#written) this.#written[frame.page] = 1;
  }
}

class Frame {
  readonly words: Int32Array;
  page = -1;
  wasUsed = false;
  /** The words from the first changed slot to behind the last. */
  from = PAGE_WORDS;
  to = 0;

  constructor(words: Int32Array) {
    this.words = words;
  }
}

function isChanged(frame: Frame): boolean {
  return frame.from < frame.to;
}
