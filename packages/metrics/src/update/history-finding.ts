/** Something that a check of a history came upon. */
export interface HistoryFinding {
  /** `error`: the aggregates say something wrong. `warning`: something is left out or left over. */
  readonly severity: 'error' | 'info' | 'warning';
  readonly code:
    | 'AGGREGATES_DIFFER'
    | 'BASELINE_UNUSABLE'
    | 'CHECKPOINT_UNUSABLE'
    | 'HISTORY_CHANGED'
    | 'LINE_DAMAGED'
    | 'NOT_COUNTED'
    | 'OUTPUT_CHANGED'
    | 'PENDING_FILE'
    | 'REJECTED_LINES'
    | 'SEGMENT_REFUSED'
    | 'UPDATE_PENDING';
  readonly path: string;
  /** Of a line in the file. */
  readonly offset?: number;
  readonly message: string;
  /** What to run, where that is certain. */
  readonly fix?: string;
}
