import { encodeEntry } from '../entry/encode-entry.js';
import { factsOf } from '../entry/facts-of.js';
import type { EntryFacts } from '../fold/facts.js';
import type { MetricsLayout } from '../layout.js';
import { EntryReader } from '../scan/entry-reader.js';
import { scanRange } from '../scan/scan-range.js';
import type { RangeScan } from '../scan/scan-range.js';
import { LineBatch } from './line-batch.js';
import { MAX_LINE_BYTES } from './max-line-bytes.js';
import { MEMBER_CONTENT_BYTES, packMember } from './packed-member.js';
import { replaceSegment } from './replace-segment.js';
import type { LeftReason, ReplaceOptions } from './replace-segment.js';
import { openSegment } from './segment-source.js';
import type { SegmentSource } from './segment-source.js';
import type { Segment, SegmentOptions } from './segments.js';
import { isSameFacts, slimEntry } from './slim-entry.js';

/** What a compacted segment has. */
export interface CompactContent {
  readonly bytesAfter: number;
  readonly entries: number;
  /** Lines that were no entries, which it does not have any more. */
  readonly dropped: number;
}

export type CompactReport =
  | ({ readonly outcome: 'compacted'; readonly bytesBefore: number } & CompactContent)
  | { readonly outcome: 'left'; readonly reason: LeftReason | 'live' };

/**
 * Rewrites a closed segment with what aggregates ask of each entry and nothing else, in the same order and
 * form, so that they come to the same to the last byte; each line is compared before it is written.
 * Places of lines change. Segments that were closed or changed within the last minute are left, and those
 * that would not become smaller.
 *
 * The caller holds the lock of the history.
 *
 * @throws MetricsError `HISTORY_UNREADABLE`, `HISTORY_WRITE_FAILED`; the segment is then as it was.
 */
export async function compactSegment(
  layout: MetricsLayout,
  segment: Segment,
  options: ReplaceOptions = {},
): Promise<CompactReport> {
  if (segment.live) return { outcome: 'left', reason: 'live' };
  const { name, bytes: bytesBefore, compressed } = segment;
  const replaced = await replaceSegment(
    layout,
    segment,
    {
      name,
      async fill(source, file) {
        const write = (bytes: Buffer): void => {
          file.write(bytes);
        };
        const content = await compactInto(write, { source, compressed });
        return content.bytesAfter < bytesBefore ? content : undefined;
      },
    },
    options,
  );
  if (replaced.left) return { outcome: 'left', reason: replaced.left };
  return { outcome: 'compacted', bytesBefore, ...replaced.result };
}

/**
 * What `compactSegment` would leave of a segment, without changing anything.
 *
 * @throws MetricsError `HISTORY_UNREADABLE`.
 */
export async function measureCompaction(
  segment: Segment,
  options: SegmentOptions = {},
): Promise<CompactContent> {
  using source = openSegment(segment, options);
  return await compactInto(() => undefined, { source, compressed: segment.compressed });
}

async function compactInto(
  write: (bytes: Buffer) => void,
  { source, compressed }: { readonly source: SegmentSource; readonly compressed: boolean },
): Promise<CompactContent> {
  let bytesAfter = 0;
  let entries = 0;
  let dropped = 0;
  const lines = new LineBatch({ maxLines: 0, maxBytes: MEMBER_CONTENT_BYTES }, (piece) => {
    const bytes = compressed ? packMember(piece) : piece;
    bytesAfter += bytes.byteLength;
    write(bytes);
  });
  const add = (facts: EntryFacts): void => {
    entries += 1;
    lines.add(Buffer.from(slimLine(facts)));
  };
  const drop = (): void => {
    dropped += 1;
  };
  const { tail } = await scanRange(source, {
    from: 0,
    to: Infinity,
    visitor: { entry: add, damaged: drop },
  });
  if (tail) {
    const reader = new EntryReader();
    const facts = readTail(source, tail, reader);
    if (facts) add(facts);
    else if (!reader.blank) drop();
  }
  lines.flush();
  // A file of no bytes is no gzip file.
  if (compressed && bytesAfter === 0) {
    const empty = packMember(Buffer.alloc(0));
    bytesAfter = empty.byteLength;
    write(empty);
  }
  return { bytesAfter, entries, dropped };
}

/** A last line without a newline counts like any other. */
function readTail(
  source: SegmentSource,
  tail: NonNullable<RangeScan['tail']>,
  reader: EntryReader,
): EntryFacts | undefined {
  if (tail.byteLength > MAX_LINE_BYTES) return undefined;
  const line = source.readLine(tail.offset);
  return reader.read(line, 0, line.byteLength);
}

/** The whole entry stays where less of it would count differently. */
function slimLine(facts: EntryFacts): string {
  const line = encodeEntry(slimEntry(facts));
  const again = factsOf(JSON.parse(line));
  return again && isSameFacts(facts, again) ? line : JSON.stringify(facts.entry);
}
