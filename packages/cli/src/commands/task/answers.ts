/** What `task new --format json` prints. */
export interface TaskNewAnswer {
  readonly key: string;
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  /** Relative to the root, in the order in which they were written. */
  readonly written: readonly string[];
}

export interface TaskAnswer {
  readonly key: string;
  readonly id: string | null;
  readonly slug: string | null;
  readonly title: string | null;
  readonly status: string | null;
  /** Path of the checklist. */
  readonly checklist: string;
  /** Null where there is no checklist that can be read. */
  readonly items: { readonly done: number; readonly total: number } | null;
  /** Why there is none. */
  readonly problem: string | null;
}

/** What `task status --format json` prints without an id. */
export interface TaskListAnswer {
  readonly tasks: readonly TaskAnswer[];
}

/** What `task status <id> --format json` prints. */
export interface TaskStatusAnswer extends TaskAnswer {
  readonly open: readonly {
    readonly number: number;
    readonly line: number;
    readonly text: string;
  }[];
  readonly spec: {
    readonly path: string;
    readonly last_review: string | null;
    readonly age_days: number | null;
  };
  readonly evidence: { readonly good: number; readonly bad: readonly BadEvidenceAnswer[] };
  readonly latest_run: LatestRunAnswer | null;
}

export interface BadEvidenceAnswer {
  readonly rule: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly message: string;
}

export interface LatestRunAnswer {
  readonly run_id: string;
  readonly task_id: string;
  /** Null where its record cannot be believed. */
  readonly status: string | null;
  readonly started_at: string | null;
  readonly duration_ms: number | null;
  readonly is_verified: boolean;
  readonly problem: string | null;
}

/** What `task evidence --format json` prints. */
export interface TaskEvidenceAnswer {
  readonly key: string;
  readonly run: EvidenceRunAnswer;
  /** The run that it is compared with. */
  readonly before: EvidenceRunAnswer | null;
  readonly item: {
    readonly number: number;
    readonly line: number;
    readonly text: string;
    readonly is_done: boolean;
  };
  /** The document with the numbers. */
  readonly document: string | null;
  readonly written: readonly string[];
}

export interface EvidenceRunAnswer {
  readonly run_id: string;
  readonly task_id: string;
  readonly pipeline_id: string;
  readonly status: string;
  readonly started_at: string;
  readonly duration_ms: number | null;
}
