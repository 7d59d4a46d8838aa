import type { SegmentMark } from '../checkpoint/checkpoint.js';
import type { Segment } from '../history/segments.js';
import { isUntouched } from './seen-segment.js';
import type { RebuildReason } from './update-report.js';

export interface HistoryChange {
  readonly marks: readonly SegmentMark[];
  /** As they lie on disk, in the order of the history. */
  readonly segments: readonly Segment[];
  /** Whether the part of a segment that is counted is still what it was; it reads a few pages. */
  readonly isIntact: (mark: SegmentMark, segment: Segment) => boolean;
}

/**
 * What forbids to count on where the checkpoint stopped; `undefined` when nothing does, that is, when
 * the history is what it was, with more behind it.
 *
 * Segments are matched by their place in the order, not by name: the live one gets another name when it
 * is rotated, and its content tells that it is the same.
 */
export function findChange({
  marks,
  segments,
  isIntact,
}: HistoryChange): RebuildReason | undefined {
  for (const [ordinal, mark] of marks.entries()) {
    const segment = segments[ordinal];
    if (segment === undefined || !canBe(segment, mark)) return 'segments-changed';
    if (!mark.compressed && segment.bytes < mark.committed) return 'truncated';
    // A file of the same size that was written to since is an edited one, or one that was only touched.
    if (!isUntouched(mark, segment)) {
      if (segment.bytes === mark.bytes || !isIntact(mark, segment)) return 'edited';
    }
    // The order in which entries are counted is that of the files, whoever came first by the clock.
    const isLate = !mark.compressed && segment.bytes > mark.committed;
    if (isLate && marks.slice(ordinal + 1).some(({ committed }) => committed > 0)) {
      return 'late-line';
    }
  }
  return undefined;
}

function canBe(segment: Segment, mark: SegmentMark): boolean {
  if (segment.compressed !== mark.compressed) return false;
  return mark.live || segment.name === mark.name;
}
