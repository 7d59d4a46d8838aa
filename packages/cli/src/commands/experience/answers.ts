import type { Experience, FetchResult } from '@codex-orchestrator/experience-store';

/** What `experience list --format json` prints; records as in the log, with what notes say of them. */
export interface ListAnswer {
  readonly task_id: string;
  readonly order: 'best' | 'newest';
  /** How many there are, whatever the limit. */
  readonly total: number;
  readonly records: readonly Experience[];
}

/** What a look-up cost. */
export interface CostAnswer {
  readonly bytes_read: number;
  readonly lines_parsed: number;
  readonly files_opened: number;
}

interface LookUpAnswer {
  readonly domain: string;
  /** Null for all tasks. */
  readonly task_id: string | null;
  /** As manifests name it, defaults filled in. */
  readonly policy: object;
  /** Whether a budget ended the look-up early, so that some may be missing. */
  readonly truncated: boolean;
  readonly source: FetchResult['source'];
  readonly cost: CostAnswer;
  /** Why parts of the index could not be used; no answer is wrong for it. */
  readonly problems: readonly string[];
}

/** What `experience top --format json` prints. */
export interface TopAnswer extends LookUpAnswer {
  /** In the order in which they are given. */
  readonly records: readonly Experience[];
  /** What their lines take of a prompt, tokens as estimated. */
  readonly text_cost: { readonly tokens: number; readonly bytes: number };
}

/** What `experience explain --format json` prints. */
export interface ExplainAnswer extends LookUpAnswer {
  readonly candidates: readonly CandidateAnswer[];
}

export interface CandidateAnswer {
  readonly id: string;
  readonly chosen: boolean;
  readonly slot: number | null;
  readonly source: { readonly kind: string; readonly key: string };
  readonly raw_score: number;
  readonly policy_score: number;
  readonly penalty: number | null;
  readonly relevance: number | null;
  readonly usefulness: number | null;
  readonly decay: number | null;
  readonly similarity: number | null;
  readonly similar_to: string | null;
  readonly reason: string;
  readonly sentence: string;
}

/** What `experience add --format json` prints. */
export interface AddAnswer {
  readonly task_id: string;
  readonly run_id: string;
  readonly domain: string;
  /** `merged`: it is known already, which was noted. */
  readonly outcome: 'added' | 'merged';
  /** Of the record that has the lesson now. */
  readonly id: string;
  /** How alike both are, 0 to 1; null for a new record. */
  readonly similarity: number | null;
  /** The record as it was written; null where it was merged. */
  readonly record: object | null;
}

/** What `experience audit --format json` prints. */
export interface AuditAnswer {
  readonly status: AuditStatus;
  readonly tasks: readonly TaskAuditAnswer[];
}

export type AuditStatus = 'error' | 'ok' | 'warning';

export interface TaskAuditAnswer {
  readonly task_id: string;
  readonly status: AuditStatus;
  readonly findings: readonly AuditFinding[];
  readonly figures: AuditFigures;
}

export interface AuditFinding {
  readonly severity: 'error' | 'info' | 'warning';
  readonly code: string;
  readonly count: number;
  readonly message: string;
  /** The first few: lines, or ids of experiences. */
  readonly examples: readonly string[];
  /** What to do about it. */
  readonly fix: string | null;
}

export interface AuditFigures {
  readonly log_bytes: number;
  readonly lines: number;
  readonly notes: number;
  readonly records: number;
  readonly pinned: number;
  readonly never_used: number;
  readonly stale: number;
  /** The largest twenty. */
  readonly domains: readonly { readonly domain: string; readonly records: number }[];
  readonly domain_count: number;
  readonly index: {
    readonly state: string;
    readonly covered_bytes: number;
    readonly bytes: number;
  };
}

/** What `experience gc --format json` prints. */
export interface GcAnswer {
  readonly task_id: string;
  readonly dry_run: boolean;
  /** Whether the log was written anew. */
  readonly is_replaced: boolean;
  readonly records_before: number;
  readonly records_after: number;
  readonly removed: readonly GcRemovalAnswer[];
  /** Notes that became counters of records. */
  readonly folded_notes: number;
  readonly bytes_before: number;
  readonly bytes_after: number;
  /** Lines that others appended meanwhile. */
  readonly carried_lines: number;
  /** Whether some near duplicates may have been missed. */
  readonly is_near_limited: boolean;
}

export interface GcRemovalAnswer {
  readonly reason: string;
  readonly count: number;
  readonly bytes: number;
  readonly examples: readonly object[];
}

/** What `experience forget --format json` prints. */
export interface ForgetAnswer {
  readonly task_id: string;
  readonly forgotten: readonly { readonly id: string; readonly domain: string }[];
  /** Lines whose text was overwritten. */
  readonly blanked_lines: number;
}

/** What `experience pin|unpin --format json` prints. */
export interface PinAnswer {
  readonly task_id: string;
  readonly id: string;
  readonly domain: string;
  readonly pinned: boolean;
  /** Whether it was so already. */
  readonly is_unchanged: boolean;
}

/** What `experience export --to … --format json` prints. */
export interface ExportAnswer {
  readonly task_id: string;
  readonly path: string;
  readonly records: number;
  readonly bytes: number;
}

/** What `experience import --format json` prints. */
export interface ImportAnswer {
  readonly task_id: string;
  readonly imported: number;
  readonly already_there: number;
  readonly skipped_notes: number;
  readonly bad_lines: number;
  /** The first twenty. */
  readonly problems: readonly { readonly line: number; readonly reason: string }[];
  readonly bytes: number;
}
