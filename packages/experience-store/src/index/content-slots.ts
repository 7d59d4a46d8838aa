/** Slots of 8 bytes: the first 32 bits of a content hash, and one more than the block of the log. */
export const SLOT_BYTES = 8;
/** Lines are found again by the block of this many bytes that they begin in. */
export const BLOCK_BYTES = 512;

const FREE = 0;
const MOST_BLOCKS = 2 ** 32 - 1;

/** Where slots are kept, whole or page by page. */
export interface Slots {
  readonly capacityBits: number;
  hashAt(slot: number): number;
  /** 0 for a free slot. */
  markAt(slot: number): number;
  set(slot: number, hash: number, mark: number): void;
}

/** What a table holds of one record. */
export interface ContentPlace {
  /** The first 32 bits of its content hash. */
  readonly hash: number;
  /** The number of the block that its line begins in. */
  readonly block: number;
}

/** A block that no slot can name is not kept: a duplicate of what lies there is not noticed. */
export function placeOf(contentHash: string, offset: number): ContentPlace | undefined {
  const block = Math.floor(offset / BLOCK_BYTES);
  const hash = hashOf(contentHash);
  return block < MOST_BLOCKS && hash !== undefined ? { hash, block } : undefined;
}

export function hashOf(contentHash: string): number | undefined {
  return /^[0-9a-f]{8}/i.test(contentHash)
    ? Number.parseInt(contentHash.slice(0, 8), 16)
    : undefined;
}

/** Longer runs of used slots are those of a damaged table. */
const MOST_PROBES = 4096;

/**
 * Hands on the blocks under a hash until one is accepted. The highest bits of a hash say where its slots
 * begin, so that a table of twice the size has the same slots in nearly the same order.
 */
export function probe<T>(
  slots: Slots,
  hash: number,
  accept: (block: number) => T | undefined,
): T | undefined {
  const mask = 2 ** slots.capacityBits - 1;
  let slot = hash >>> (32 - slots.capacityBits);
  for (let probes = Math.min(MOST_PROBES, mask + 1); probes > 0; probes--) {
    const mark = slots.markAt(slot);
    if (mark === FREE) return undefined;
    if (slots.hashAt(slot) === hash) {
      const accepted = accept(mark - 1);
      if (accepted !== undefined) return accepted;
    }
    slot = (slot + 1) & mask;
  }
  return undefined;
}

/** Returns whether the place was added: not one that is there, and none for which there is no room. */
export function insert(slots: Slots, { hash, block }: ContentPlace): boolean {
  const mask = 2 ** slots.capacityBits - 1;
  let slot = hash >>> (32 - slots.capacityBits);
  for (let probes = Math.min(MOST_PROBES, mask + 1); probes > 0; probes--) {
    const mark = slots.markAt(slot);
    if (mark === FREE) {
      slots.set(slot, hash, block + 1);
      return true;
    }
    if (mark === block + 1 && slots.hashAt(slot) === hash) return false;
    slot = (slot + 1) & mask;
  }
  return false;
}

/** A whole table in memory. */
export class WholeSlots implements Slots {
  readonly capacityBits: number;
  readonly bytes: Buffer;

  constructor(capacityBits: number, bytes = Buffer.alloc(2 ** capacityBits * SLOT_BYTES)) {
    this.capacityBits = capacityBits;
    this.bytes = bytes;
  }

  hashAt(slot: number): number {
    return this.bytes.readUInt32LE(slot * SLOT_BYTES);
  }

  markAt(slot: number): number {
    return this.bytes.readUInt32LE(slot * SLOT_BYTES + 4);
  }

  set(slot: number, hash: number, mark: number): void {
    this.bytes.writeUInt32LE(hash, slot * SLOT_BYTES);
    this.bytes.writeUInt32LE(mark, slot * SLOT_BYTES + 4);
  }
}
