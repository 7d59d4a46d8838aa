/** What `metrics update --format json` prints. */
export interface UpdateAnswer {
  readonly task_id: string;
  readonly outcome: 'left-to-holder' | 'rebuilt' | 'unchanged' | 'updated';
  /** Why the whole history was counted; null where new lines were enough. */
  readonly rebuilt_because: string | null;
  readonly lines: number;
  readonly entries: number;
  readonly repeated: number;
  readonly replaced: number;
  readonly damaged_lines: number;
  /** The first twenty. */
  readonly damaged: readonly DamagedLineAnswer[];
  readonly bytes_read: number;
  readonly outputs_written: readonly string[];
  readonly rotated: string | null;
  readonly pending: { readonly merged: number; readonly quarantined: readonly string[] };
  /** Null where nothing is counted. */
  readonly totals: TotalsAnswer | null;
  readonly duration_ms: number;
}

export interface DamagedLineAnswer {
  readonly segment: string;
  readonly offset: number;
  readonly bytes: number;
  readonly reason: string;
}

export interface TotalsAnswer {
  readonly runs: number;
  readonly lines: number;
  readonly damaged_lines: number;
  readonly segments: number;
}

/** What `metrics rotate --format json` prints. */
export interface RotationAnswer {
  readonly task_id: string;
  /** Name of the file that the live one became; null where there was nothing in it. */
  readonly segment: string | null;
  /** Names of the files that were compressed. */
  readonly compressed: readonly string[];
  readonly update: UpdateAnswer;
}

/** What `metrics prune --format json` prints. */
export interface PruningAnswer {
  readonly task_id: string;
  readonly dry_run: boolean;
  readonly pruned: readonly PrunedSegment[];
  /** Names of the files that are as they were. */
  readonly kept: readonly string[];
}

export interface PrunedSegment {
  readonly name: string;
  readonly bytes_before: number;
  readonly bytes_after: number;
}

/** What `metrics doctor --format json` prints. */
export interface HistoryCheckAnswer {
  readonly task_id: string;
  readonly status: 'error' | 'ok' | 'warning';
  readonly findings: readonly HistoryFinding[];
  /** Null where nothing is counted. */
  readonly totals: TotalsAnswer | null;
}

export interface HistoryFinding {
  readonly severity: 'error' | 'info' | 'warning';
  readonly code: string;
  readonly path: string;
  /** Where in the file, in bytes; null where it is about all of it. */
  readonly offset: number | null;
  readonly message: string;
  /** What to do about it. */
  readonly fix: string | null;
}

/** What `metrics baseline … --format json` prints. */
export interface BaselineAnswer {
  readonly task_id: string;
  /** As in baseline.json; null where nothing is counted yet. */
  readonly baseline: object | null;
}
