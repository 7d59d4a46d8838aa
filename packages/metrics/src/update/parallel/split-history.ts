import { withFile } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import type { SegmentMark } from '../../checkpoint/checkpoint.js';
import { openFlags } from '../../history/open-flags.js';
import type { Segment } from '../../history/segments.js';
import { contentBytes } from '../estimate-lines.js';

/** Where the second half of a history begins: the beginning of a line. */
export interface HistorySplit {
  /** The segment's position in the history. */
  readonly ordinal: number;
  /** 0 where the whole segment belongs to the second half. */
  readonly offset: number;
  /** How much of the history is in the second half, from 0 to 1. */
  readonly laterShare: number;
}

/**
 * Where to split a history into halves that take about as long to count. `undefined` where it has fewer
 * bytes than that, or no such place.
 */
export function splitHistory(
  segments: readonly Segment[],
  minBytes: number,
  fs: FileSystem,
): HistorySplit | undefined {
  const sizes = segments.map(contentBytes);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total < minBytes) return undefined;
  let before = 0;
  for (const [ordinal, segment] of segments.entries()) {
    const size = sizes[ordinal] ?? 0;
    const wanted = Math.floor(total / 2 - before);
    if (wanted <= 0) return { ordinal, offset: 0, laterShare: (total - before) / total };
    // Nothing in the middle of a compressed segment can be read without what comes before it.
    const offset = wanted < size && !segment.compressed ? lineAfter(segment, wanted, fs) : size;
    if (offset < size) return { ordinal, offset, laterShare: (total - before - offset) / total };
    before += size;
  }
  return undefined;
}

/** A mark that makes counting begin there; without an offset, it leaves the segment out. */
export function markAt(segment: Segment, offset = segment.bytes): SegmentMark {
  const { name, live, compressed, inode, bytes, mtimeMs } = segment;
  const file = { name, live, compressed, inode, bytes, mtime_ms: mtimeMs };
  return { ...file, committed: offset, lines: 0, fingerprint: '' };
}

const NEWLINE = 10;
const PIECE_BYTES = 64 * 1024;

/** Where the first line behind a position begins; the end of the segment where there is none. */
function lineAfter({ path, bytes }: Segment, position: number, fs: FileSystem): number {
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  return withFile(fs, { path, flags: openFlags.read }, (fd) => {
    for (let at = position; at < bytes;) {
      const count = fs.read(fd, piece, at);
      if (count === 0) break;
      const newline = piece.subarray(0, count).indexOf(NEWLINE);
      if (newline !== -1) return Math.min(at + newline + 1, bytes);
      at += count;
    }
    return bytes;
  });
}
