import { bytesOf, HEADER_BYTES } from './index-file.js';
import type { IndexFile } from './index-file.js';
import { offsetOf, segmentOf, SLOT_BYTES, SLOT_WORDS, SlotTally } from './slot.js';

const CHUNK_SLOTS = 16_384;

/** Reads all slots of a file in order, a quarter of a mebibyte at a time; the memory is used again. */
export function* readSlots(file: IndexFile): Generator<{ words: Int32Array; position: number }> {
  const { capacity } = file.identity;
  const chunk = new Int32Array(Math.min(capacity, CHUNK_SLOTS) * SLOT_WORDS);
  for (let slot = 0; slot < capacity; slot += CHUNK_SLOTS) {
    const position = HEADER_BYTES + slot * SLOT_BYTES;
    file.read(bytesOf(chunk), position);
    yield { words: chunk, position };
  }
}

/**
 * Counts the slots of committed entries, `committed[n]` being how many bytes of segment `n` are. With
 * `clear`, slots of other entries become free: they were all added after the others, so that none of the
 * others is looked for beyond one of them.
 */
export function sweepSlots(
  file: IndexFile,
  { committed, clear }: { readonly committed: readonly number[]; readonly clear: boolean },
): SlotTally {
  const tally = new SlotTally();
  for (const { words, position } of readSlots(file)) {
    let cleared = 0;
    for (let at = 0; at < words.length; at += SLOT_WORDS) {
      const high = words[at + 2] ?? 0;
      if (high === 0) continue;
      if (isCommitted(committed, segmentOf(high), offsetOf(high, words[at + 3] ?? 0))) {
        tally.count(words, at);
      } else {
        words.fill(0, at, at + SLOT_WORDS);
        cleared += 1;
      }
    }
    if (clear && cleared > 0) file.write(bytesOf(words), position);
  }
  return tally;
}

export function isCommitted(
  committed: readonly number[],
  segment: number,
  offset: number,
): boolean {
  return offset < (committed[segment] ?? 0);
}
