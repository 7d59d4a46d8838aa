/** What `packs list --format json` prints. */
export interface PackListAnswer {
  readonly packs: readonly PackAnswer[];
  readonly problems: readonly PackProblemAnswer[];
  /** Of all problems: at most a hundred are listed. */
  readonly problem_count: number;
}

export interface PackAnswer {
  readonly id: string;
  readonly domain: string;
  readonly experience_slots: number;
  readonly policy: string | null;
  readonly min_reward: number | null;
  /** The stamp that its texts should have. */
  readonly stamp: string;
  /** Whether its manifest has that stamp: a run is given no other packs. */
  readonly is_stamped: boolean;
  readonly manifest: string;
  readonly sources: readonly { readonly section: string; readonly path: string }[];
}

export interface PackProblemAnswer {
  readonly code: string;
  readonly pack: string | null;
  readonly path: string;
  /** Whole sentences; the last one says what to do. */
  readonly message: string;
}

/** What `packs check --format json` prints. */
export interface PackCheckAnswer {
  readonly status: 'error' | 'ok';
  readonly packs: readonly { readonly id: string; readonly is_stamped: boolean }[];
  readonly problems: readonly PackProblemAnswer[];
  readonly problem_count: number;
}

/** What `packs stamp --format json` prints. */
export interface PackStampAnswer {
  readonly dry_run: boolean;
  readonly packs: readonly StampedPackAnswer[];
  readonly problems: readonly PackProblemAnswer[];
  readonly problem_count: number;
}

export interface StampedPackAnswer extends StampAnswer {
  readonly id: string;
  readonly manifest: string;
}

export interface StampAnswer {
  readonly old_stamp: string | null;
  readonly new_stamp: string;
  readonly is_changed: boolean;
  readonly is_written: boolean;
}

/** What `instructions check --format json` prints. */
export interface InstructionCheckAnswer {
  readonly status: 'error' | 'ok';
  readonly files: readonly InstructionFileAnswer[];
  readonly problems: readonly InstructionProblemAnswer[];
}

export interface InstructionFileAnswer {
  readonly path: string;
  readonly state: string;
  readonly declared_stamp: string | null;
  readonly expected_stamp: string | null;
}

export interface InstructionProblemAnswer {
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

/** What `instructions stamp --format json` prints. */
export interface InstructionStampAnswer {
  readonly dry_run: boolean;
  readonly files: readonly StampedFileAnswer[];
  readonly problems: readonly InstructionProblemAnswer[];
}

export interface StampedFileAnswer extends StampAnswer {
  readonly path: string;
}
