/**
 * What aggregates ask of one entry, each member defaulted by itself where the entry has nothing usable
 * for it. An object of this type may be a view that the next entry overwrites, and some members may be
 * getters that a spread leaves out: copy what you keep, member by member.
 */
export interface EntryFacts {
  /** As in the entry, untrimmed: runs are the same when these strings are. */
  readonly runId: string;
  /** 1 where the entry has no positive integer. */
  readonly attempt: number;
  readonly status: string;
  readonly recordedAt: string;
  readonly pipelineId: string | null;
  /** `undefined` where the entry has no such member; null where it has no finite number. */
  readonly durationSeconds: number | null | undefined;
  /** Null where it is no string or an empty one. */
  readonly controlPlaneStatus: string | null;
  /** Whether it is an array with members. */
  readonly hasInstanceStats: boolean;
  readonly hasPrivacyEvents: boolean;
  readonly epoch: number | null;
  readonly groupSize: number | null;
  readonly toolCalls: number;
  readonly tokenTotal: number;
  readonly costUsd: number;
  readonly latencyMs: number;
  /** Its length is that of this entry; the members are reused. */
  readonly tools: readonly ToolFacts[];
  readonly stages: readonly StageFacts[];
  readonly learningValidationStatus: string | null;
  readonly learningSnapshotStatus: string | null;
  readonly learningAlerts: number;
  readonly reviewRejections: number;
  readonly reviewLatencyMs: number | null;
  readonly regressionsDetected: number;
  readonly patternsPromoted: number;
  readonly patternsDeprecated: number;
  readonly throughputCandidates: number;
  /** The whole entry as parsed JSON; parsed when asked for. */
  readonly entry: Readonly<Record<string, unknown>>;
}

/** One member of `tool_stats` that is an object with a non-blank `tool`. */
export interface ToolFacts {
  readonly tool: string;
  readonly tokens: number;
  readonly costUsd: number;
  readonly latencyMs: number;
}

/** One member of `stages` that is an object with a non-blank `id`. */
export interface StageFacts {
  readonly id: string;
  /** Empty where there is none. */
  readonly status: string;
  readonly durationSeconds: number | null;
  /** 0 where there is no positive integer. */
  readonly attempts: number;
}
