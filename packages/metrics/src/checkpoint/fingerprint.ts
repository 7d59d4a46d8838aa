import { checksumText } from './checksum.js';

const EDGE_BYTES = 4096;
const SAMPLE_BYTES = 64;
const SAMPLES = 4;

/** Fills the view from `position`; returns the bytes read, 0 at the end. */
export type ReadAt = (view: Uint8Array, position: number) => number;

/**
 * Tells whether the first `committed` bytes are still what they were, from at most 8.25 KiB of them: the
 * first and the last 4 KiB, and four times 64 bytes in between. An edit elsewhere that keeps the length is
 * not seen. A source that ends before has a fingerprint that equals none.
 */
export function fingerprintOf(read: ReadAt, committed: number): string {
  const ranges = rangesOf(committed);
  const total = ranges.reduce((sum, { bytes }) => sum + bytes, 0);
  const sampled = Buffer.allocUnsafe(total);
  let filled = 0;
  for (const { position, bytes } of ranges) {
    if (!readFully(read, sampled.subarray(filled, filled + bytes), position)) return 'too-short';
    filled += bytes;
  }
  return `${checksumText(sampled)}-${committed.toString(36)}`;
}

interface Range {
  readonly position: number;
  readonly bytes: number;
}

function rangesOf(committed: number): Range[] {
  const sampled = 2 * EDGE_BYTES + SAMPLES * SAMPLE_BYTES;
  if (committed <= sampled) return [{ position: 0, bytes: committed }];
  const between = committed - 2 * EDGE_BYTES;
  const samples = Array.from({ length: SAMPLES }, (_, nth) => ({
    position: EDGE_BYTES + Math.floor(((between - SAMPLE_BYTES) * (nth + 1)) / (SAMPLES + 1)),
    bytes: SAMPLE_BYTES,
  }));
  return [
    { position: 0, bytes: EDGE_BYTES },
    ...samples,
    { position: committed - EDGE_BYTES, bytes: EDGE_BYTES },
  ];
}

function readFully(read: ReadAt, view: Uint8Array, position: number): boolean {
  for (let filled = 0; filled < view.byteLength;) {
    const count = read(view.subarray(filled), position + filled);
    if (count === 0) return false;
    filled += count;
  }
  return true;
}
