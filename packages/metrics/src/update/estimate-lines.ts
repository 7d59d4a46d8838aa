import { withFile } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { openFlags } from '../history/open-flags.js';
import type { Segment } from '../history/segments.js';

const SAMPLE_BYTES = 256 * 1024;
const NEWLINE = 10;
/** What entries shrink to when they are packed. */
const PACKING = 8;

/** About how many lines a history has, by the length of those in the middle of its largest segment. */
export function estimateLines(segments: readonly Segment[], fs: FileSystem): number {
  const plain = segments.filter(({ compressed }) => !compressed);
  const largest = plain.reduce<Segment | undefined>(
    (most, segment) => (most !== undefined && most.bytes >= segment.bytes ? most : segment),
    undefined,
  );
  const lineBytes = largest === undefined ? 1024 : meanLineBytes(largest, fs);
  const bytes = segments.reduce((sum, segment) => sum + contentBytes(segment), 0);
  return Math.ceil(bytes / lineBytes);
}

/** About how many bytes there are to count. */
export function contentBytes({ bytes, compressed }: Segment): number {
  return compressed ? bytes * PACKING : bytes;
}

function meanLineBytes({ path, bytes }: Segment, fs: FileSystem): number {
  const sample = Buffer.allocUnsafe(Math.min(bytes, SAMPLE_BYTES));
  const position = Math.floor((bytes - sample.byteLength) / 2);
  const count = withFile(fs, { path, flags: openFlags.read }, (fd) =>
    fs.read(fd, sample, position),
  );
  let lines = 0;
  for (let at = sample.indexOf(NEWLINE); at !== -1 && at < count; lines += 1) {
    at = sample.indexOf(NEWLINE, at + 1);
  }
  return count / Math.max(1, lines);
}
