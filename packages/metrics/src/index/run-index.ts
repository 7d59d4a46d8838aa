import { nodeFileSystem, systemRandom } from '@codex-orchestrator/core';
import type { FileSystem, RandomSource } from '@codex-orchestrator/core';

import type { MetricsLayout } from '../layout.js';
import { bootStamp } from './boot-stamp.js';
import { FilePages } from './file-pages.js';
import { IndexFile, MAX_CAPACITY_BITS } from './index-file.js';
import type { IndexMark } from './index-mark.js';
import { isCommitted, readSlots, sweepSlots } from './scan-slots.js';
import { placeHigh, placeLow, SLOT_WORDS, SlotTally } from './slot.js';
import type { RunPlace } from './slot.js';
import { SlotTable, TableFull } from './slot-table.js';

export type IndexLayout = Pick<MetricsLayout, 'runIndexPath'>;

/** What looks up runs while a history is counted, from its beginning or from a checkpoint on. */
export interface RunLookup {
  /**
   * The places of all entries that were added under this hash. Other runs may have the same hash, and a
   * damaged file may name any place: whoever asks compares the run id at the place.
   */
  find(hashHigh: number, hashLow: number): readonly RunPlace[];
  /** Adds the place of an entry that counts. Adding the very same again does nothing. */
  add(hashHigh: number, hashLow: number, place: RunPlace): void;
}

export interface OpenRunIndexOptions {
  /** How many bytes of each segment are counted, in the order of the history: places behind are none. */
  readonly committed: readonly number[];
  /**
   * Reads beside an updater: changes nothing on disk, and `add` and `flush` throw.
   *
   * @default false
   */
  readonly readOnly?: boolean;
  /**
   * Pages of 4 KiB that are kept in memory.
   *
   * @default 2048
   */
  readonly maxPages?: number;
  readonly fs?: FileSystem;
  readonly random?: RandomSource;
  /** @default the boot of this machine */
  readonly boot?: string;
}

/** Above this share of slots in use a table is made twice as large. */
const MAX_LOAD = 5 / 8;
const DEFAULT_MAX_PAGES = 2048;

/** The most slots that are used of so many. */
export function maxUsedOf(capacity: number): number {
  return Math.floor(capacity * MAX_LOAD);
}

/**
 * The places of all counted entries by the hash of their run id, in a file of which a look-up reads one
 * page, seldom two, however many runs there are.
 *
 * The file is changed in place before the checkpoint is replaced, which commits the change. A slot that
 * was written for an entry that no checkpoint came to know is removed when the index is next opened: the
 * header counts commits ahead of the checkpoint while there may be such slots. After another boot of the
 * machine, or when the file was copied, all slots are counted against the checkpoint once, for pages may
 * have been lost; all else that a process leaves behind when it is killed is consistent.
 */
export class RunIndex implements RunLookup, Disposable {
  /** Generations that the present one took the place of: to be removed once it is committed. */
  readonly superseded: number[] = [];
  /** Whether all slots were read when it was opened. */
  readonly wasSwept: boolean;
  readonly #layout: IndexLayout;
  readonly #options: Required<OpenRunIndexOptions>;
  readonly #tally: SlotTally;
  readonly #slot = new Int32Array(SLOT_WORDS);
  /** What files that were left behind have moved. */
  readonly #before = { bytesRead: 0, bytesWritten: 0, pagesRead: 0 };
  #file: IndexFile;
  #pages: FilePages;
  #table: SlotTable;
  #sequence: number;
  /** Whether the header says that slots of a commit to come may be there. */
  #isAhead = false;

  private constructor(
    layout: IndexLayout,
    mark: IndexMark,
    state: { file: IndexFile; wasSwept: boolean; options: Required<OpenRunIndexOptions> },
  ) {
    this.wasSwept = state.wasSwept;
    this.#layout = layout;
    this.#options = state.options;
    this.#tally = SlotTally.from(mark);
    this.#sequence = mark.sequence;
    this.#file = state.file;
    this.#pages = this.#createPages(state.file, false);
    this.#table = new SlotTable(this.#pages, Math.log2(mark.capacity));
  }

  /**
   * Opens the index that belongs to a checkpoint.
   *
   * @throws RunIndexUnusable when it does not; the errno errors of the file system.
   */
  static open(layout: IndexLayout, mark: IndexMark, options: OpenRunIndexOptions): RunIndex {
    const all: Required<OpenRunIndexOptions> = {
      readOnly: false,
      maxPages: DEFAULT_MAX_PAGES,
      fs: nodeFileSystem,
      random: systemRandom,
      boot: options.boot ?? bootStamp(),
      ...options,
    };
    const opened = IndexFile.open(layout.runIndexPath(mark.generation), mark, {
      fs: all.fs,
      flags: all.readOnly ? 'r' : 'r+',
    });
    const { file } = opened;
    try {
      const isLeft = opened.sequence !== mark.sequence && !all.readOnly;
      const isDoubtful = all.boot !== mark.boot || opened.inode !== mark.inode;
      const wasSwept = isLeft || isDoubtful;
      if (wasSwept) sweep(file, mark, all);
      if (isLeft) file.writeSequence(mark.sequence);
      return new RunIndex(layout, mark, { file, wasSwept, options: all });
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
  }

  get used(): number {
    return this.#tally.used;
  }

  get capacity(): number {
    return this.#file.identity.capacity;
  }

  get generation(): number {
    return this.#file.identity.generation;
  }

  get bytesRead(): number {
    return this.#before.bytesRead + this.#file.bytesRead;
  }

  get bytesWritten(): number {
    return this.#before.bytesWritten + this.#file.bytesWritten;
  }

  get pagesRead(): number {
    return this.#before.pagesRead + this.#pages.pagesRead;
  }

  /** @throws RunIndexUnusable; the errno errors of the file system. */
  find(hashHigh: number, hashLow: number): readonly RunPlace[] {
    const found = this.#within(() => this.#table.find(hashHigh, hashLow));
    if (!this.#options.readOnly || found.length === 0) return found;
    const { committed } = this.#options;
    return found.filter(({ segment, offset }) => isCommitted(committed, segment, offset));
  }

  /** @throws RunIndexUnusable; RangeError as `placeHigh`; the errno errors of the file system. */
  add(hashHigh: number, hashLow: number, place: RunPlace): void {
    if (this.#options.readOnly) throw new Error('Internal error: this index is read only');
    if (this.#tally.used >= maxUsedOf(this.capacity)) this.#grow();
    const slot = this.#slot;
    slot[0] = hashHigh;
    slot[1] = hashLow;
    slot[2] = placeHigh(place);
    slot[3] = placeLow(place);
    if (this.#within(() => this.#table.add(slot, 0))) this.#tally.count(slot, 0);
  }

  /**
   * Writes the slots that were added and returns what the checkpoint that commits them says. What is
   * added later belongs to the commit after that.
   */
  flush(): IndexMark {
    this.#pages.flush();
    this.#isAhead = false;
    const { used, digest } = this.#tally;
    return {
      ...this.#file.identity,
      used,
      digest,
      sequence: this.#sequence,
      boot: this.#options.boot,
      inode: this.#file.inode,
    };
  }

  /** Closes the file. What was added and not flushed is forgotten. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #createPages(file: IndexFile, isBlank: boolean): FilePages {
    const beforeWrite = (): void => {
      this.#runAhead(file);
    };
    return new FilePages(file, { maxPages: this.#options.maxPages, isBlank, beforeWrite });
  }

  /** Before the first slot of a commit to come is written: a process killed from here on leaves it. */
  #runAhead(file: IndexFile): void {
    if (this.#isAhead) return;
    file.writeSequence(this.#sequence + 1);
    this.#sequence += 1;
    this.#isAhead = true;
  }

  #within<T>(use: () => T): T {
    try {
      return use();
    } catch (error) {
      if (error instanceof TableFull) throw this.#file.unusable('exhausted');
      throw error;
    }
  }

  /** Streams all slots into a file of twice the size, which no checkpoint knows yet. */
  #grow(): void {
    const capacityBits = Math.log2(this.capacity) + 1;
    if (capacityBits > MAX_CAPACITY_BITS) throw this.#file.unusable('exhausted');
    this.#pages.flush();
    const { fs, random } = this.#options;
    const generation = this.generation + 1;
    const path = this.#layout.runIndexPath(generation);
    const file = IndexFile.create({ path, generation, capacityBits, fs, random });
    const wasAhead = this.#isAhead;
    try {
      // Nothing in the new file is committed, so it need not run ahead.
      this.#isAhead = true;
      const pages = this.#createPages(file, true);
      const table = new SlotTable(pages, capacityBits);
      for (const { words } of readSlots(this.#file)) addAll(table, words);
      this.#leave(file, pages, table);
    } catch (error) {
      this.#isAhead = wasAhead;
      file.remove();
      throw error;
    }
  }

  #leave(file: IndexFile, pages: FilePages, table: SlotTable): void {
    const { bytesRead, bytesWritten, generation } = this;
    this.#before.bytesRead = bytesRead;
    this.#before.bytesWritten = bytesWritten;
    this.#before.pagesRead = this.pagesRead;
    this.superseded.push(generation);
    this.#file[Symbol.dispose]();
    this.#file = file;
    this.#pages = pages;
    this.#table = table;
    this.#sequence = 0;
  }
}

/** Adds all slots in use. */
export function addAll(table: SlotTable, words: Int32Array): void {
  for (let at = 0; at < words.length; at += SLOT_WORDS) {
    if (words[at + 2] !== 0) table.add(words, at);
  }
}

/** Removes what no checkpoint knows and compares the rest with what this one knows. */
function sweep(file: IndexFile, mark: IndexMark, options: Required<OpenRunIndexOptions>): void {
  const { committed, readOnly } = options;
  const { used, digest } = sweepSlots(file, { committed, clear: !readOnly });
  if (used !== mark.used || digest !== mark.digest) throw file.unusable('altered');
}
