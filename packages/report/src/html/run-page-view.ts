import type { Unit } from './format-quantity.js';
import type { LoopView } from './loop-view.js';

/** What the page of a run shows; every text is taken as it comes, times are ISO 8601 in UTC. */
export interface RunPageView {
  readonly generatedAt: string;
  /** @default 'en' */
  readonly language?: string | undefined;
  readonly taskId: string;
  readonly runId: string;
  readonly pipeline: string;
  /** As it is now: a run that nobody runs any more is not `in_progress`. */
  readonly status: string;
  readonly statusDetail: string | null;
  /** One sentence: what went wrong first. */
  readonly rootCause: string | null;
  readonly exitCode: number | null;
  /** Names and values below the verdict, in the order in which they are shown. */
  readonly facts: readonly {
    readonly name: string;
    readonly value: string;
    readonly isCode?: boolean;
  }[];
  /** One sentence per line. */
  readonly summary: readonly string[];
  readonly startedAt: string;
  /** When it ended, or was last heard of. */
  readonly endedAt: string;
  readonly durationMs: number | null;
  /** Between attempts, in which nobody ran it. */
  readonly gapMs: number;
  readonly stages: readonly StageView[];
  /** The agent loops among the stages that were started. */
  readonly loops: readonly LoopView[];
  /** In the order of time, the oldest first. */
  readonly earlier: readonly EarlierRun[];
  readonly verification: VerificationView | null;
  readonly cost: readonly { readonly name: string; readonly unit: Unit; readonly value: number }[];
}

export interface StageView {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly needs: readonly string[] | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly durationMs: number | null;
  readonly attempts: number;
  readonly exitCode: number | null;
  /** Why it ended as it did, in a few words. */
  readonly reason: string | null;
  readonly logPath: string | null;
  readonly logBytes: number | null;
}

/** A run of the same pipeline before this one. */
export interface EarlierRun {
  readonly status: string;
  readonly durationMs: number | null;
  readonly stages: readonly {
    readonly id: string;
    readonly status: string;
    readonly durationMs: number | null;
  }[];
}

export interface VerificationView {
  /** `intact` or `damaged`. */
  readonly verdict: string;
  readonly sealed: boolean;
  readonly findings: readonly {
    readonly code: string;
    readonly path: string;
    /** Line or field, where it is known. */
    readonly place: string | null;
    readonly message: string;
  }[];
  readonly remarks: readonly string[];
  readonly checked: {
    readonly journalLines: number;
    readonly files: number;
    readonly bytes: number;
  };
  readonly signature: string;
  /** How far the manifest follows the journal. */
  readonly anchor: { readonly lines: number; readonly bytes: number; readonly head: string } | null;
  readonly manifestChecksum: string | null;
  readonly artifacts: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
}
