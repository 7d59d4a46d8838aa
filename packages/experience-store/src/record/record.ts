/** How well the run went that a record comes from; the score of a record is the sum of both. */
export interface Reward {
  /** By what is known to be right: 1 for a run that succeeded, 0 for one that did not. */
  readonly gtScore: number;
  /** Against comparable runs. */
  readonly relativeRank: number;
}

export interface ToolStat {
  readonly tool: string;
  readonly tokens: number;
  readonly latencyMs: number;
  readonly costUsd: number;
}

/** Where a record can be checked: the manifest of its run, and the digest that it had. */
export interface Evidence {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly sha256: string;
}

/** What a caller says of an experience; the rest of the record is found by the store. */
export interface ExperienceInput {
  readonly runId: string;
  readonly taskId: string;
  /** @default null */
  readonly epoch?: number | null | undefined;
  /** @default null */
  readonly groupId?: string | null | undefined;
  /** The lesson. The first words of it are kept, by default 32. */
  readonly summary: string;
  readonly reward: Reward;
  readonly toolStats: readonly ToolStat[];
  /** The stamp of the prompt pack that the run had, 64 hex digits. @default null */
  readonly stampSignature?: string | null | undefined;
  readonly domain: string;
  readonly stageId?: string | null | undefined;
  /** The commit that the run worked on. */
  readonly commit?: string | null | undefined;
  readonly evidence?: Evidence | null | undefined;
  /** Who says it: a rule of the configuration, an agent, a person. */
  readonly source?: string | null | undefined;
}

/**
 * One line of `experiences.jsonl`. The members up to `manifestPath` are those of the format's first
 * writer, with its names; older lines have no others.
 */
export interface ExperienceRecord {
  /** `exp-<time in base 36>-<random hex>` */
  readonly id: string;
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: number | null;
  readonly groupId: string | null;
  readonly summary32: string;
  readonly reward: Reward;
  readonly toolStats: readonly ToolStat[];
  readonly stampSignature: string | null;
  readonly domain: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Relative to the root of the repository. */
  readonly manifestPath: string | null;
  /** SHA-256 of domain and normalised text, by which the same lesson is known again. */
  readonly contentHash: string | null;
  readonly stageId: string | null;
  readonly commit: string | null;
  readonly evidence: Evidence | null;
  readonly source: string | null;
}

/** What came of a record since it was written. */
export interface Counters {
  /** How often the same lesson came again. */
  readonly seen: number;
  /** Runs that were given it. */
  readonly uses: number;
  /** Those of them that succeeded. */
  readonly helped: number;
  /** Those of them that failed. */
  readonly harmed: number;
}

/** A record with what notes that follow it say of it. */
export interface Experience extends ExperienceRecord, Counters {
  /** Never decays and is never collected. */
  readonly pinned: boolean;
}

/** What happened to records later: old lines are never rewritten for it. */
export type ExperienceNote = SeenNote | OutcomeNote | MarkNote;

interface NoteHead<Note extends string> {
  readonly note: Note;
  readonly taskId: string;
  readonly createdAt: string;
}

/** Which record a note is about. The domain says in which part of the index it lies. */
export interface RecordReference {
  readonly id: string;
  readonly domain: string;
}

/** A record was to be written that says what another says already. */
export interface SeenNote extends NoteHead<'seen'>, RecordReference {
  /** The run that would have been the record's. */
  readonly runId: string;
}

export type RunUse = 'helped' | 'harmed' | 'neutral';

/** A run that was given records has ended. */
export interface OutcomeNote extends NoteHead<'outcome'> {
  readonly runId: string;
  readonly attempt: number;
  readonly outcome: RunUse;
  readonly used: readonly RecordReference[];
}

export interface MarkNote extends NoteHead<'pinned' | 'unpinned' | 'forgotten'>, RecordReference {}

/** The score by which records are ranked. */
export function scoreOf({ gtScore, relativeRank }: Reward): number {
  return gtScore + relativeRank;
}
