import { dirname } from 'node:path';

import { nodeFileSystem, systemRandom, withFile, writeFileAtomic } from '@codex-orchestrator/core';
import type { FileSystem, RandomSource } from '@codex-orchestrator/core';

import { openFlags } from '../log/open-flags.js';
import {
  HEADER_BYTES,
  MAX_CAPACITY_BITS,
  MIN_CAPACITY_BITS,
  decodeHeader,
  encodeHeader,
} from './content-header.js';
import type { ContentHeader } from './content-header.js';
import { PagedSlots } from './content-pages.js';
import {
  BLOCK_BYTES,
  SLOT_BYTES,
  WholeSlots,
  hashOf,
  insert,
  placeOf,
  probe,
} from './content-slots.js';
import type { ContentPlace } from './content-slots.js';

/** Which table of contents is meant. */
export interface ContentTable {
  /** `layout.contentTablePath` */
  readonly path: string;
  /** That of the header of the index: a table of another one is as good as none. */
  readonly generation: string;
  readonly fs?: FileSystem;
}

export interface ContentLookup<T> {
  /** What `verify` accepted. */
  readonly found: T | undefined;
  readonly pagesRead: number;
}

/**
 * Looks for a record with this content in O(1) pages, without a lock. The table gives hints alone: a block
 * counts only when `verify` finds the record in it. A table that is missing, damaged or of another
 * generation has no hints, and neither has one that cannot be read; nothing is thrown but by `verify`.
 *
 * @param verify Is given where a block of the log begins; a line that begins in its `BLOCK_BYTES` bytes
 * may have the content.
 */
export function findContent<T>(
  table: ContentTable,
  contentHash: string,
  verify: (blockOffset: number) => T | undefined,
): ContentLookup<T> {
  const { fs = nodeFileSystem } = table;
  const hash = hashOf(contentHash);
  const blocks: number[] = [];
  let pagesRead = 0;
  if (hash !== undefined) {
    quietly(() => {
      withFile(fs, { path: table.path, flags: openFlags.read }, (fd) => {
        const header = readHeader(fd, table, fs);
        if (header === undefined) return;
        const slots = new PagedSlots(fd, header.capacityBits, fs);
        probe(slots, hash, (block) => {
          // Some equal hashes are chance; more than that is damage, and not worth the reads.
          return blocks.push(block * BLOCK_BYTES) < MOST_BLOCKS ? undefined : true;
        });
        ({ pagesRead } = slots);
      });
    });
  }
  for (const block of blocks) {
    const found = verify(block);
    if (found !== undefined) return { found, pagesRead };
  }
  return { found: undefined, pagesRead };
}

const MOST_BLOCKS = 8;

/** Where the line of a record begins that has this content. */
export interface ContentEntry {
  readonly contentHash: string;
  readonly offset: number;
}

/**
 * Adds records to the table, which is made if it is missing, damaged or of another generation. Only for
 * holders of the lock of the layout. Adding what is there changes nothing, so lines may be folded again
 * after a crash. Returns whether all is there: a table that cannot be written is left as it is, or
 * incomplete, and duplicates are missed.
 *
 * The table cannot forget: whoever folds a `forgotten` note of a record that is in it removes the file,
 * and it is begun anew with what comes then.
 */
export async function addContents(
  table: ContentTable & { readonly random?: RandomSource },
  entries: readonly ContentEntry[],
): Promise<boolean> {
  const { fs = nodeFileSystem } = table;
  const places = entries
    .map(({ contentHash, offset }) => placeOf(contentHash, offset))
    .filter((place) => place !== undefined)
    // In the order of the table: each of its pages is read and written once.
    .sort((one, other) => one.hash - other.hash);
  if (places.length === 0) return true;
  try {
    if (addInPlace(table, places, fs)) return true;
    return await addGrown(table, places, fs);
  } catch {
    return false;
  }
}

/** Returns `false` when there is no table yet, or too little room in it. */
function addInPlace(table: ContentTable, places: readonly ContentPlace[], fs: FileSystem): boolean {
  return (
    quietly(() =>
      withFile(fs, { path: table.path, flags: openFlags.readWrite }, (fd) => {
        const header = readHeader(fd, table, fs);
        if (header === undefined || !hasRoom(header.capacityBits, header.used + places.length)) {
          return false;
        }
        const { capacityBits } = header;
        const slots = new PagedSlots(fd, capacityBits, fs);
        let { used } = header;
        for (const place of places) if (insert(slots, place)) used += 1;
        slots.flush();
        // Behind the slots: after a crash in between, some are not counted, and added again.
        const bytes = encodeHeader(table.generation, { capacityBits, used });
        return fs.write(fd, bytes, 0) === bytes.byteLength;
      }),
    ) ?? false
  );
}

/** One sequential pass into a new file that takes the place of the old one. */
async function addGrown(
  table: ContentTable & { readonly random?: RandomSource },
  places: readonly ContentPlace[],
  fs: FileSystem,
): Promise<boolean> {
  const old = quietly(() => readWhole(table, fs));
  const count = (old?.used ?? 0) + places.length;
  const capacityBits = capacityFor(count);
  // As large as tables get: nothing is added any more.
  if (old?.slots.capacityBits === capacityBits && !hasRoom(capacityBits, count)) return false;
  const slots = new WholeSlots(capacityBits);
  let used = 0;
  for (const place of old ? placesIn(old.slots) : []) if (insert(slots, place)) used += 1;
  for (const place of places) {
    if (hasRoom(capacityBits, used + 1) && insert(slots, place)) used += 1;
  }
  const header = encodeHeader(table.generation, { capacityBits, used });
  fs.mkdir(dirname(table.path), { recursive: true });
  const { random = systemRandom } = table;
  await writeFileAtomic(table.path, Buffer.concat([header, slots.bytes]), { fs, random });
  return hasRoom(capacityBits, count);
}

/** At most three quarters are used; a table that has grown is less than half full. */
function hasRoom(capacityBits: number, used: number): boolean {
  return used <= 2 ** capacityBits * 0.75;
}

function capacityFor(count: number): number {
  let bits = MIN_CAPACITY_BITS;
  while (bits < MAX_CAPACITY_BITS && count > 2 ** bits * 0.45) bits += 1;
  return bits;
}

interface WholeTable {
  readonly slots: WholeSlots;
  readonly used: number;
}

function readWhole(table: ContentTable, fs: FileSystem): WholeTable | undefined {
  return withFile(fs, { path: table.path, flags: openFlags.read }, (fd) => {
    const header = readHeader(fd, table, fs);
    if (header === undefined) return undefined;
    const { capacityBits, used } = header;
    const bytes = Buffer.allocUnsafe(2 ** capacityBits * SLOT_BYTES);
    for (let filled = 0; filled < bytes.byteLength;) {
      const count = fs.read(fd, bytes.subarray(filled), HEADER_BYTES + filled);
      if (count === 0) return undefined;
      filled += count;
    }
    return { slots: new WholeSlots(capacityBits, bytes), used };
  });
}

function* placesIn(slots: WholeSlots): Generator<ContentPlace> {
  for (let slot = 0; slot < 2 ** slots.capacityBits; slot++) {
    const mark = slots.markAt(slot);
    if (mark > 0) yield { hash: slots.hashAt(slot), block: mark - 1 };
  }
}

function readHeader(
  fd: number,
  { generation }: ContentTable,
  fs: FileSystem,
): ContentHeader | undefined {
  const stats = fs.fstat(fd);
  if (!stats.isFile()) return undefined;
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  const count = fs.read(fd, header, 0);
  return decodeHeader(header.subarray(0, count), { generation, size: stats.size });
}

/** What goes wrong with a table is no reason to fail: it is as if there were none. */
function quietly<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
