import type { FileSystem } from '@codex-orchestrator/core';

import { HEADER_BYTES } from './content-header.js';
import { SLOT_BYTES } from './content-slots.js';
import type { Slots } from './content-slots.js';

const PAGE_BYTES = 4096;
const PAGE_SLOTS = PAGE_BYTES / SLOT_BYTES;

/** The slots of an open table, one page of 4 KiB at a time. */
export class PagedSlots implements Slots {
  readonly capacityBits: number;
  pagesRead = 0;
  readonly #fd: number;
  readonly #fs: FileSystem;
  readonly #page = Buffer.allocUnsafe(PAGE_BYTES);
  #number = -1;
  #isChanged = false;

  constructor(fd: number, capacityBits: number, fs: FileSystem) {
    this.#fd = fd;
    this.capacityBits = capacityBits;
    this.#fs = fs;
  }

  hashAt(slot: number): number {
    return this.#load(slot).readUInt32LE((slot % PAGE_SLOTS) * SLOT_BYTES);
  }

  markAt(slot: number): number {
    return this.#load(slot).readUInt32LE((slot % PAGE_SLOTS) * SLOT_BYTES + 4);
  }

  set(slot: number, hash: number, mark: number): void {
    const page = this.#load(slot);
    page.writeUInt32LE(hash, (slot % PAGE_SLOTS) * SLOT_BYTES);
    page.writeUInt32LE(mark, (slot % PAGE_SLOTS) * SLOT_BYTES + 4);
    this.#isChanged = true;
  }

  /** Writes what was changed. */
  flush(): void {
    if (!this.#isChanged) return;
    const count = this.#fs.write(this.#fd, this.#page, positionOf(this.#number));
    if (count !== PAGE_BYTES) throw new Error(`only ${count} bytes of a page were written`);
    this.#isChanged = false;
  }

  #load(slot: number): Buffer {
    const number = Math.floor(slot / PAGE_SLOTS);
    if (number === this.#number) return this.#page;
    this.flush();
    // A page that could not be read is nobody's.
    this.#number = -1;
    const count = this.#fs.read(this.#fd, this.#page, positionOf(number));
    if (count !== PAGE_BYTES) throw new Error(`only ${count} bytes of a page were read`);
    this.pagesRead += 1;
    this.#number = number;
    return this.#page;
  }
}

function positionOf(page: number): number {
  return HEADER_BYTES + page * PAGE_BYTES;
}
