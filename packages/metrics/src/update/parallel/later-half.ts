import type { CheckpointCounts, SegmentMark } from '../../checkpoint/checkpoint.js';
import type { EncodedPart } from '../../fold/fold.js';
import type { Segment } from '../../history/segments.js';
import type { RunPlace } from '../../index/slot.js';
import type { DamagedLineReport } from '../update-report.js';
import type { HistorySplit } from './split-history.js';

/** What a thread is to count: everything behind a place in a history. */
export interface LaterRequest {
  readonly segments: readonly Segment[];
  readonly split: HistorySplit;
  /** How many entries to expect. */
  readonly expectedRuns: number;
}

/** What the second half of a history comes to by itself, as if nothing came before it. */
export interface LaterHalf {
  readonly reducers: Readonly<Record<string, EncodedPart>>;
  readonly counts: CheckpointCounts;
  readonly damagedLines: readonly DamagedLineReport[];
  /** Of all segments of the history; those in front of the split stand for nothing. */
  readonly marks: readonly SegmentMark[];
  readonly bytesRead: number;
  readonly tail: Uint8Array | undefined;
  /** Where the last entries lie that count, in their order. */
  readonly recentPlaces: readonly RunPlace[];
  /** Of the run index, free ones among them. */
  readonly slots: Int32Array<ArrayBuffer>;
}

export type LaterMessage =
  | { readonly kind: 'counted'; readonly later: LaterHalf }
  | { readonly kind: 'progress'; readonly bytesDone: number; readonly lines: number };
