import { nodeFileSystem, systemRandom } from '@codex-orchestrator/core';
import type { FileSystem, RandomSource } from '@codex-orchestrator/core';

import { bootStamp } from './boot-stamp.js';
import { FilePages, PAGE_BYTES } from './file-pages.js';
import {
  bytesOf,
  HEADER_BYTES,
  IndexFile,
  MAX_CAPACITY_BITS,
  MIN_CAPACITY_BITS,
} from './index-file.js';
import type { IndexMark } from './index-mark.js';
import { MemoryPages } from './memory-pages.js';
import { addAll, maxUsedOf } from './run-index.js';
import type { IndexLayout, RunLookup } from './run-index.js';
import { readSlots } from './scan-slots.js';
import { placeHigh, placeLow, SLOT_BYTES, SLOT_WORDS, SlotTally } from './slot.js';
import type { RunPlace } from './slot.js';
import { SlotTable } from './slot-table.js';

export interface RunIndexBuilderOptions {
  /** The generation to build: higher than that of any checkpoint that is still there. */
  readonly generation: number;
  /**
   * How many entries are expected. More make the table grow, which takes time; far fewer make it
   * larger than it need be.
   *
   * @default 0
   */
  readonly expectedRuns?: number;
  /**
   * A larger table is kept in the file, with as many bytes of it in memory.
   *
   * @default 67_108_864
   */
  readonly maxMemoryBytes?: number;
  readonly fs?: FileSystem;
  readonly random?: RandomSource;
  /** @default the boot of this machine */
  readonly boot?: string;
}

/** A table, and what holds its slots. */
type Place =
  | { readonly kind: 'memory'; readonly pages: MemoryPages; readonly table: SlotTable }
  | {
      readonly kind: 'file';
      readonly pages: FilePages;
      readonly table: SlotTable;
      readonly file: IndexFile;
    };

const DEFAULT_MEMORY_BYTES = 64 * 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;

/** Builds the index of a whole history: in memory while it fits, so that a look-up is no system call. */
export class RunIndexBuilder implements RunLookup, Disposable {
  readonly #layout: IndexLayout;
  readonly #options: Required<RunIndexBuilderOptions>;
  readonly #tally = new SlotTally();
  readonly #slot = new Int32Array(SLOT_WORDS);
  #generation: number;
  #capacityBits: number;
  #maxUsed: number;
  #place: Place;
  #isFinished = false;

  /** @throws the errno errors of the file system, where the table does not fit in memory. */
  constructor(layout: IndexLayout, options: RunIndexBuilderOptions) {
    this.#layout = layout;
    this.#options = {
      expectedRuns: 0,
      maxMemoryBytes: DEFAULT_MEMORY_BYTES,
      fs: nodeFileSystem,
      random: systemRandom,
      boot: options.boot ?? bootStamp(),
      ...options,
    };
    this.#generation = options.generation;
    this.#capacityBits = capacityBitsFor(this.#options.expectedRuns);
    this.#maxUsed = maxUsedOf(2 ** this.#capacityBits);
    this.#place = this.#createPlace();
  }

  get used(): number {
    return this.#tally.used;
  }

  get capacity(): number {
    return 2 ** this.#capacityBits;
  }

  /** Whether the table is in the file already. */
  get isOnDisk(): boolean {
    return this.#place.kind === 'file';
  }

  find(hashHigh: number, hashLow: number): readonly RunPlace[] {
    return this.#place.table.find(hashHigh, hashLow);
  }

  /** @throws RangeError as `placeHigh`; the errno errors of the file system, where it is in the file. */
  add(hashHigh: number, hashLow: number, place: RunPlace): void {
    const slot = this.#slot;
    slot[0] = hashHigh;
    slot[1] = hashLow;
    slot[2] = placeHigh(place);
    slot[3] = placeLow(place);
    this.#addSlot(slot, 0);
  }

  /** All slots, free ones among them, while the table is in memory: not a copy. */
  get slots(): Int32Array<ArrayBuffer> | undefined {
    return this.#place.kind === 'memory' ? this.#place.pages.words : undefined;
  }

  /** Adds the slots of another builder. @throws as `add`. */
  addSlots(words: Int32Array): void {
    for (let at = 0; at < words.length; at += SLOT_WORDS) {
      if (words[at + 2] !== 0) this.#addSlot(words, at);
    }
  }

  /**
   * Writes the file, piece by piece out of the memory that the table has, and closes it. Returns what the
   * checkpoint is to say. Its generation is higher than the one asked for where the table grew on disk.
   */
  finish(): IndexMark {
    const place = this.#place;
    const file = place.kind === 'file' ? place.file : this.#createFile();
    try {
      if (place.kind === 'file') place.pages.flush();
      else writePages(file, place.pages);
      const { used, digest } = this.#tally;
      const { boot } = this.#options;
      const mark = { ...file.identity, used, digest, sequence: 0, boot, inode: file.inode };
      file[Symbol.dispose]();
      this.#isFinished = true;
      return mark;
    } catch (error) {
      file.remove();
      throw error;
    }
  }

  /** Gives up what is not finished, its file included. */
  [Symbol.dispose](): void {
    if (this.#place.kind === 'file' && !this.#isFinished) this.#place.file.remove();
  }

  #addSlot(words: Int32Array, at: number): void {
    if (this.#tally.used >= this.#maxUsed) this.#grow();
    if (this.#place.table.add(words, at)) this.#tally.count(words, at);
  }

  #createFile(): IndexFile {
    const { fs, random } = this.#options;
    const generation = this.#generation;
    const path = this.#layout.runIndexPath(generation);
    return IndexFile.create({ path, generation, capacityBits: this.#capacityBits, fs, random });
  }

  #createPlace(): Place {
    const bits = this.#capacityBits;
    const { maxMemoryBytes } = this.#options;
    if (2 ** bits * SLOT_BYTES <= maxMemoryBytes) {
      const pages = new MemoryPages(bits);
      return { kind: 'memory', pages, table: new SlotTable(pages, bits) };
    }
    const file = this.#createFile();
    const maxPages = Math.max(1, Math.floor(maxMemoryBytes / PAGE_BYTES));
    const beforeWrite = (): void => undefined;
    const pages = new FilePages(file, { maxPages, isBlank: true, beforeWrite });
    return { kind: 'file', pages, table: new SlotTable(pages, bits), file };
  }

  #grow(): void {
    const from = this.#place;
    if (this.#capacityBits === MAX_CAPACITY_BITS) {
      throw new RangeError(`No run index holds more than ${this.used} entries`);
    }
    this.#capacityBits += 1;
    this.#maxUsed = maxUsedOf(this.capacity);
    if (from.kind === 'memory') {
      this.#place = this.#createPlace();
      addAll(this.#place.table, from.pages.words);
      return;
    }
    from.pages.flush();
    this.#generation += 1;
    this.#place = this.#createPlace();
    for (const { words } of readSlots(from.file)) addAll(this.#place.table, words);
    from.file.remove();
  }
}

/** The smallest table that holds so many without growing. */
function capacityBitsFor(runs: number): number {
  let bits = MIN_CAPACITY_BITS;
  while (bits < MAX_CAPACITY_BITS && maxUsedOf(2 ** bits) < runs) bits += 1;
  return bits;
}

/** Piece by piece: the system need not take up all of a large table at once. */
function writePages(file: IndexFile, { words }: MemoryPages): void {
  const bytes = bytesOf(words);
  for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES) {
    file.write(bytes.subarray(at, at + PIECE_BYTES), HEADER_BYTES + at);
  }
}
