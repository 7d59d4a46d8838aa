import type { CountedFiles } from '../log/read-cost.js';
import { checksumText } from './checksum.js';

const EDGE_BYTES = 4096;
const SAMPLE_BYTES = 64;
const SAMPLES = 4;
const MOST_BYTES = 2 * EDGE_BYTES + SAMPLES * SAMPLE_BYTES;

/**
 * Tells whether the first `covered` bytes of a log are still what they were, from at most 8.25 KiB of
 * them: both ends and four samples. An edit elsewhere that keeps the length is not seen. A log that ends
 * before has a fingerprint that equals none.
 */
export function fingerprintOf(files: CountedFiles, fd: number, covered: number): string {
  const sampled = Buffer.allocUnsafe(Math.min(covered, MOST_BYTES));
  let filled = 0;
  const sample = (position: number, bytes: number): void => {
    filled += files.read(fd, sampled.subarray(filled, filled + bytes), position);
  };
  if (covered <= MOST_BYTES) {
    sample(0, covered);
  } else {
    sample(0, EDGE_BYTES);
    const between = covered - 2 * EDGE_BYTES - SAMPLE_BYTES;
    for (let nth = 1; nth <= SAMPLES; nth++) {
      sample(EDGE_BYTES + Math.floor((between * nth) / (SAMPLES + 1)), SAMPLE_BYTES);
    }
    sample(covered - EDGE_BYTES, EDGE_BYTES);
  }
  if (filled < sampled.byteLength) return 'too-short';
  return `${checksumText(sampled)}-${covered.toString(36)}`;
}
