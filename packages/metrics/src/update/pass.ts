import type { Checkpoint, CheckpointCounts } from '../checkpoint/checkpoint.js';
import type { AnyReducer } from '../fold/fold.js';
import type { MetricsLayout } from '../layout.js';
import { noCounts } from './history-fold.js';
import type { CountedBefore, NothingCounted } from './history-state.js';
import type {
  DamagedLineReport,
  RebuildReason,
  RotationLimits,
  UpdateProgress,
} from './update-report.js';
import type { UpdatePorts } from './updater-lock.js';

export interface PassRequest {
  readonly layout: MetricsLayout;
  readonly ports: UpdatePorts;
  /** Those of the caller. */
  readonly reducers: readonly AnyReducer[];
  /** `refresh` makes the documents anew in any case, `rebuild` counts everything anew. */
  readonly mode: 'rebuild' | 'refresh' | 'update';
  readonly rotation: RotationLimits;
  /** Counts a history of so many bytes, or more, in two threads where it is to be counted anew. */
  readonly parallel?: { readonly worker: string | URL; readonly minBytes: number } | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: UpdateProgress) => void) | undefined;
}

export interface PassResult {
  readonly isUnchanged: boolean;
  readonly rebuiltBecause: RebuildReason | null;
  /** How far the history is counted now. */
  readonly segments: Checkpoint['segments'];
  /** Of the whole history. */
  readonly totals: CheckpointCounts;
  /** Of what this pass looked at. */
  readonly counts: CheckpointCounts;
  readonly damagedLines: readonly DamagedLineReport[];
  readonly bytesRead: number;
  readonly outputsWritten: readonly string[];
  /** Name of the segment that the live one became. */
  readonly rotated: string | null;
  /** What the caller's reducers came to. */
  readonly custom: Readonly<Record<string, unknown>>;
}

/** What the caller's reducers come to, by their ids. */
export function finishCustom(
  fold: CountedBefore['fold'],
  reducers: readonly AnyReducer[],
): Record<string, unknown> {
  return Object.fromEntries(reducers.map((reducer) => [reducer.id, fold.finish(reducer)]));
}

/** Where there is no history yet, nothing is put on disk. */
export function emptyResult({ fold }: NothingCounted, { reducers }: PassRequest): PassResult {
  return {
    isUnchanged: true,
    rebuiltBecause: null,
    segments: [],
    totals: noCounts,
    counts: noCounts,
    damagedLines: [],
    bytesRead: 0,
    outputsWritten: [],
    rotated: null,
    custom: finishCustom(fold, reducers),
  };
}

export function unchangedResult(
  { checkpoint, fold, bytesRead }: CountedBefore,
  { reducers }: PassRequest,
): PassResult {
  return {
    isUnchanged: true,
    rebuiltBecause: null,
    segments: checkpoint.segments,
    totals: checkpoint.counts,
    counts: noCounts,
    damagedLines: [],
    bytesRead,
    outputsWritten: [],
    rotated: null,
    custom: finishCustom(fold, reducers),
  };
}
