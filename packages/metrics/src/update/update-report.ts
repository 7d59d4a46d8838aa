import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';

import type { AnyReducer } from '../fold/fold.js';

export interface UpdateProgress {
  readonly bytesDone: number;
  readonly bytesTotal: number;
  /** Lines looked at so far. */
  readonly lines: number;
}

export interface UpdateOptions {
  /**
   * Further aggregates, kept in the same checkpoint. Whoever updates without one that the checkpoint
   * has, or with one that it has not, makes the history be counted anew.
   *
   * @default none
   */
  readonly reducers?: readonly AnyReducer[];
  /** When the live segment is rotated away after an update. @default never */
  readonly rotation?: RotationLimits;
  /** Batches in which entries are taken over from `metrics.pending`. */
  readonly pending?: PendingLimits;
  /**
   * Path or URL of the module `@codex-orchestrator/metrics/range-worker`, or of a bundle of it. With it,
   * half of a large history is counted in another thread where it is counted anew, which takes more
   * memory. It comes to the same. Not used with `reducers` or `fs`.
   *
   * @default none: everything is counted in one thread
   */
  readonly worker?: string | URL;
  /** Ends a rebuild; the promise rejects with its reason, and everything on disk is as before. */
  readonly signal?: AbortSignal;
  /** Called now and then while the history is read. */
  readonly onProgress?: (progress: UpdateProgress) => void;
  readonly fs?: FileSystem;
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

export interface RotationLimits {
  /** Size of the live segment. @default none */
  readonly maxBytes?: number;
  /** Lines of the live segment. @default none */
  readonly maxLines?: number;
}

export interface PendingLimits {
  /** 0 and less mean no limit. @default 500 */
  readonly maxLines?: number;
  /** 0 and less mean no limit. @default 1_048_576 */
  readonly maxBytes?: number;
}

/** Why a whole history was counted where new lines would have been enough. */
export type RebuildReason =
  | 'asked'
  | 'checkpoint-unusable'
  | 'edited'
  | 'index-unusable'
  | 'late-line'
  | 'no-checkpoint'
  | 'reducers-changed'
  | 'segments-changed'
  | 'truncated';

/** A line that is no entry, and where it is. */
export interface DamagedLineReport {
  /** Name of the segment's file. */
  readonly segment: string;
  /** Where the line begins; in a compressed segment, in what it unpacks to. */
  readonly offset: number;
  readonly byteLength: number;
  readonly reason: DamageReason;
}

export type DamageReason = 'not-an-entry' | 'not-json' | 'oversized';

/** What the whole history comes to. */
export interface HistoryTotals {
  readonly runs: number;
  /** All but blank ones. */
  readonly lines: number;
  readonly damagedLines: number;
  readonly segments: number;
}

export interface UpdateReport {
  /**
   * `unchanged`: nothing was new and nothing was written. `left-to-holder`: somebody else is updating
   * and takes along what was appended before this call.
   */
  readonly outcome: 'left-to-holder' | 'rebuilt' | 'unchanged' | 'updated';
  readonly rebuiltBecause: RebuildReason | null;
  /** Lines that this update looked at, blank ones not counted. */
  readonly lines: number;
  /** Those of them that count. */
  readonly entries: number;
  /** Those of them that tell again of an attempt that is counted. */
  readonly repeated: number;
  /** Those of them that took the place of an earlier attempt of their run. */
  readonly replaced: number;
  /** The first twenty of this update. */
  readonly damaged: readonly DamagedLineReport[];
  readonly damagedLines: number;
  /** Of history, checkpoint and index. */
  readonly bytesRead: number;
  /** Paths of the documents that were written because their content changed. */
  readonly outputsWritten: readonly string[];
  /** Name of the segment that the live one became. */
  readonly rotated: string | null;
  readonly pending: {
    readonly merged: number;
    /** Names of the files in the pending folder that hold lines which are no entries. */
    readonly quarantined: readonly string[];
  };
  /** Null where somebody else updates. */
  readonly totals: HistoryTotals | null;
  readonly durationMs: number;
  /** What the caller's own reducers came to, by their ids. */
  readonly custom: Readonly<Record<string, unknown>>;
}
