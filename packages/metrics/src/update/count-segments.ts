import { withFile } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import type { SegmentMark } from '../checkpoint/checkpoint.js';
import { fingerprintOf } from '../checkpoint/fingerprint.js';
import { endTornTail } from '../history/append-lines.js';
import { MAX_LINE_BYTES } from '../history/max-line-bytes.js';
import { openFlags } from '../history/open-flags.js';
import type { Segment } from '../history/segments.js';
import { EntryReader } from '../scan/entry-reader.js';
import { scanRange } from '../scan/scan-range.js';
import type { RangeScan } from '../scan/scan-range.js';
import type { EntryStore } from './entry-store.js';
import type { HistoryFold } from './history-fold.js';
import { isSeen } from './seen-segment.js';
import type { UpdateProgress } from './update-report.js';

export interface CountRequest {
  readonly segments: readonly Segment[];
  /** How far they are counted; segments without one are not counted at all. */
  readonly marks: readonly (SegmentMark | undefined)[];
  readonly store: EntryStore;
  readonly history: HistoryFold;
  readonly fs: FileSystem;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: UpdateProgress) => void) | undefined;
}

export interface CountedSegments {
  readonly marks: readonly SegmentMark[];
  readonly bytesRead: number;
  /** The last line where no newline ends it. */
  readonly tail: Buffer | undefined;
}

/** Reads everything behind the marks, in the order of the history. */
export async function countSegments(request: CountRequest): Promise<CountedSegments> {
  const marks: SegmentMark[] = [];
  const progress = createProgress(request);
  let bytesRead = 0;
  let tail: Buffer | undefined;
  for (const [ordinal, segment] of request.segments.entries()) {
    const mark = request.marks[ordinal];
    if (mark !== undefined && isCounted(mark, segment)) {
      marks.push(mark);
      continue;
    }
    const counted = await countSegment({ ...request, ordinal, segment, mark, progress });
    marks.push(counted.mark);
    bytesRead += counted.bytesRead;
    tail = counted.tail;
  }
  return { marks, bytesRead, tail };
}

/** A line that nothing ended was looked at and is not counted for good. */
function isCounted(mark: SegmentMark, segment: Segment): boolean {
  return isSeen(mark, segment) && (mark.compressed || mark.committed === mark.bytes);
}

type SegmentRequest = CountRequest & {
  readonly ordinal: number;
  readonly segment: Segment;
  readonly mark: SegmentMark | undefined;
  readonly progress: Progress;
};

interface CountedSegment {
  readonly mark: SegmentMark;
  readonly bytesRead: number;
  readonly tail: Buffer | undefined;
}

async function countSegment(request: SegmentRequest): Promise<CountedSegment> {
  const { ordinal, segment, mark, history, store } = request;
  history.enter(ordinal, segment.name);
  const { nextOffset, lines, bytesRead, tail, size } = await scanSegment(request);
  const counted = { ...size, lines: (mark?.lines ?? 0) + lines };
  if (tail === undefined || !segment.compressed) {
    const rest = tail && tail.byteLength <= MAX_LINE_BYTES ? tail : undefined;
    return {
      mark: markOf(request, { ...counted, committed: nextOffset }),
      bytesRead,
      tail: rest && store.source(ordinal).readLine(rest.offset),
    };
  }
  // Nothing will ever follow in a compressed segment.
  if (tail.byteLength > MAX_LINE_BYTES) history.damaged({ ...tail, reason: 'oversized' });
  else countLine(history, store.source(ordinal).readLine(tail.offset), tail.offset);
  const committed = nextOffset + tail.byteLength;
  return { mark: markOf(request, { ...counted, committed }), bytesRead, tail: undefined };
}

type ScannedSegment = Omit<RangeScan, 'fallbacks'> & {
  readonly size: Pick<SegmentMark, 'bytes' | 'mtime_ms'>;
};

async function scanSegment(request: SegmentRequest): Promise<ScannedSegment> {
  const { segment, mark, segments, ordinal } = request;
  const size = { bytes: segment.bytes, mtime_ms: segment.mtimeMs };
  const end = segment.compressed ? Infinity : size.bytes;
  const scan = await scanPart(request, mark?.committed ?? 0, end);
  const isLast = ordinal === segments.length - 1;
  if (!scan.tail || segment.compressed || isLast) return { ...scan, size };
  // Nobody will end this line any more, and it must not come to be one with what follows it.
  const healed = endLine(segment, request.fs);
  const rest = await scanPart(request, scan.nextOffset, healed.bytes);
  return {
    ...rest,
    lines: scan.lines + rest.lines,
    bytesRead: scan.bytesRead + rest.bytesRead,
    size: healed,
  };
}

function scanPart(request: SegmentRequest, from: number, to: number): Promise<RangeScan> {
  const { ordinal, store, history, signal, progress } = request;
  return scanRange(store.source(ordinal), {
    from,
    to,
    visitor: history,
    signal,
    onProgress: ({ bytesRead }) => {
      progress(ordinal, from + bytesRead);
    },
  });
}

/** The last line of a compressed segment, which stays as it is. */
function countLine(history: HistoryFold, line: Buffer, offset: number): void {
  const reader = new EntryReader();
  const facts = reader.read(line, 0, line.byteLength);
  if (facts) history.entry(facts, reader, offset);
  else if (!reader.blank) {
    history.damaged({ offset, byteLength: line.byteLength, reason: reader.problem ?? 'not-json' });
  }
}

function endLine({ path }: Segment, fs: FileSystem): ScannedSegment['size'] {
  return withFile(fs, { path, flags: openFlags.append }, (fd) => {
    endTornTail(fs, fd);
    const { size, mtimeMs } = fs.fstat(fd);
    return { bytes: size, mtime_ms: mtimeMs };
  });
}

function markOf(
  { segment, fs }: SegmentRequest,
  counted: Pick<SegmentMark, 'bytes' | 'committed' | 'lines' | 'mtime_ms'>,
): SegmentMark {
  const { name, live, compressed, inode } = segment;
  const extent = compressed ? counted.bytes : counted.committed;
  const fingerprint = fingerprintOfFile(segment.path, extent, fs);
  return { name, live, compressed, inode, ...counted, fingerprint };
}

/** Of the file as it lies there, packed or not. */
export function fingerprintOfFile(path: string, extent: number, fs: FileSystem): string {
  return withFile(fs, { path, flags: openFlags.read }, (fd) =>
    fingerprintOf((view, position) => fs.read(fd, view, position), extent),
  );
}

/** Tells how far a segment is read. */
type Progress = (ordinal: number, position: number) => void;

/** Bytes of files; of a compressed one it is not known how far it is read before its end. */
function createProgress({ segments, history, onProgress }: CountRequest): Progress {
  const sizes = segments.map(({ bytes }) => bytes);
  const bytesTotal = sum(sizes);
  return (ordinal, position) => {
    const bytesDone = sum(sizes.slice(0, ordinal)) + Math.min(position, sizes[ordinal] ?? 0);
    onProgress?.({ bytesDone, bytesTotal, lines: history.counts.lines });
  };
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}
