import type { CountedFiles } from '../log/read-cost.js';
import { checksumOf, hex8 } from './checksum.js';

const EDGE_BYTES = 4096;
const SAMPLE_BYTES = 64;
const SAMPLES = 4;

/**
 * Tells whether the first `covered` bytes of a log are still what they were, from at most 8.25 KiB of
 * them: both ends and four samples. An edit elsewhere that keeps the length is not seen. A log that ends
 * before has a fingerprint that equals none.
 */
export function fingerprintOf(files: CountedFiles, fd: number, covered: number): string {
  let checksum = 0;
  for (const [position, bytes] of rangesOf(covered)) {
    const sample = Buffer.allocUnsafe(bytes);
    if (files.read(fd, sample, position) < bytes) return 'too-short';
    checksum = checksumOf(sample, checksum);
  }
  return `${hex8(checksum)}-${covered.toString(36)}`;
}

function rangesOf(covered: number): [position: number, bytes: number][] {
  if (covered <= 2 * EDGE_BYTES + SAMPLES * SAMPLE_BYTES) return [[0, covered]];
  const between = covered - 2 * EDGE_BYTES - SAMPLE_BYTES;
  const samples = Array.from({ length: SAMPLES }, (_, nth): [number, number] => [
    EDGE_BYTES + Math.floor((between * (nth + 1)) / (SAMPLES + 1)),
    SAMPLE_BYTES,
  ]);
  return [[0, EDGE_BYTES], ...samples, [covered - EDGE_BYTES, EDGE_BYTES]];
}
