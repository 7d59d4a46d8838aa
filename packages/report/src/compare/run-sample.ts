/** One run as comparisons see it. What is not known is null; times are in milliseconds. */
export interface RunSample {
  readonly runId: string;
  readonly taskId: string | null;
  readonly pipelineId: string | null;
  /** 1 for the first try of the run, one more for every resume. */
  readonly attempt: number;
  /** How the run ended, such as `succeeded`. */
  readonly status: string;
  /** ISO string in UTC. */
  readonly startedAt: string | null;
  /** The commit that the repository was at when the run began. */
  readonly commit: string | null;
  readonly tags: readonly string[];
  readonly machine: MachineFingerprint | null;
  /** Version of the program that ran it. */
  readonly toolVersion: string | null;
  readonly durationMs: number | null;
  /** `active`: the time in which an attempt was under way; `elapsed`: from the first start to the last end. */
  readonly durationKind: 'active' | 'elapsed' | null;
  readonly stages: readonly StageSample[];
  readonly manifestWrites: number | null;
  readonly manifestBytes: number | null;
  readonly journalLines: number | null;
  readonly fsyncs: number | null;
  readonly peakMemoryBytes: number | null;
  /** Where the counts are from: a manifest counts up to its last write, a history up to the run's end. */
  readonly source: 'history' | 'manifest';
}

export interface StageSample {
  readonly id: string;
  readonly status: string;
  /** Of all its attempts together; null where it did not run. */
  readonly durationMs: number | null;
  /** Attempts begun. */
  readonly attempts: number;
}

/** What has to be the same for durations to be compared. */
export interface MachineFingerprint {
  /** Opaque; the same for all runs on one machine. */
  readonly id: string;
  readonly cpuModel: string;
  readonly cpus: number;
  readonly memoryMb: number;
  readonly os: string;
  readonly arch: string;
  /** Version of Node. */
  readonly node: string;
}
