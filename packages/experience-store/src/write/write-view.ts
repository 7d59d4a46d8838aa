/** What the index says of itself. */
export interface IndexSnapshot {
  /** Bytes of the log that the index covers; what lies behind is the tail. */
  readonly covered: number;
  /** Of the header; the table of contents must have the same. */
  readonly generation: string;
}

/** A record that may say what another is about to say. */
export interface KnownRecord {
  readonly id: string;
  /** Its `summary32`. */
  readonly text: string;
}

/**
 * What a writer sees of the index of one task. It only helps to find duplicates: nothing here throws for
 * an index that is missing, damaged or of another log; it then says nothing.
 */
export interface WriteView {
  /** What the index covers now; `undefined` without one that can be used. */
  snapshot(): IndexSnapshot | undefined;
  /**
   * The best records of a domain among those that the index covers, read from the log and none of them
   * forgotten; empty when that is not known.
   */
  candidates(domain: string): readonly KnownRecord[];
  /**
   * Brings the index up to date if nobody else is at it. Called when much of the log lies behind it.
   */
  update(): Promise<void>;
}
