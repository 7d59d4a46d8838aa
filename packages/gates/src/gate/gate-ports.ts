import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';
import type { Git } from '@codex-orchestrator/exec';

import type { GateSettings } from '../settings/gate-settings.js';
import type { Finding } from './finding.js';

/** What a gate is asked for beside its settings. Each gate reads those that are its own. */
export interface GateOptions {
  /** Revision that changes are counted from: `diff-budget`, `spec-guard`, `review`. */
  readonly base?: string;
  /** One commit to look at instead of all changes: `diff-budget`, `review`. */
  readonly commit?: string;
  /** Writes what is missing: `docs-freshness`, `tasks-sync`. @default false */
  readonly fix?: boolean;
  /** `docs-freshness`: path of the registry, and of the report. */
  readonly registry?: string;
  readonly report?: string;
  /** `review`: path of the manifest that is the evidence. */
  readonly manifest?: string;
}

/** What a gate reads the world through. */
export interface GatePorts {
  /** The repository root, absolute. */
  readonly root: string;
  /** Where runs are kept, absolute. */
  readonly runsDir: string;
  /** Where results that outlive runs are kept, absolute. */
  readonly outDir: string;
  /** What the gate was started with; the variables of a gate are read from here. */
  readonly environment: Readonly<Record<string, string>>;
  /** The task that the gate is run for; undefined where nobody said. */
  readonly taskId: string | undefined;
  readonly settings: GateSettings;
  readonly options: GateOptions;
  /** Asks git about the root. */
  readonly git: Git;
  readonly signal: AbortSignal;
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Ids of the pipelines that can be started here. */
  readonly pipelineIds: () => readonly string[];
  /** Holds a run against its own record. @param manifestPath Absolute. */
  readonly judgeRun: (manifestPath: string) => Promise<RunJudgement>;
  /** What is wrong with the stamps of instruction files. @param files Undefined means those that are there. */
  readonly checkInstructions: (files: readonly string[] | undefined) => InstructionJudgement;
  /** Has somebody review a prompt. */
  readonly review: (request: ReviewRequest) => Promise<Review>;
  /** One line for whoever watches a gate that takes long. */
  readonly tell: (line: string) => void;
}

/** A run as its record has it, and whether that can be believed. */
export interface RunJudgement {
  /** Whether journal, manifest and digests agree; what they say counts for nothing otherwise. */
  readonly isVerified: boolean;
  /** Why it cannot be believed, one sentence; null where it can. */
  readonly problem: string | null;
  /** Null where there is no record that can be read. */
  readonly run: RecordedRun | null;
}

export interface RecordedRun {
  readonly runId: string;
  readonly taskId: string;
  readonly pipelineId: string;
  readonly status: string;
  readonly startedAt: string;
  readonly completedAt: string | null;
  readonly durationMs: number | null;
}

export interface InstructionJudgement {
  /** Files that were looked at, relative to the root. */
  readonly files: readonly string[];
  readonly findings: readonly Finding[];
}

export interface ReviewRequest {
  readonly prompt: string;
  readonly timeoutMs: number;
}

/** What came of asking somebody for a review. */
export type Review =
  | {
      readonly kind: 'reviewed';
      /** Name of the agent. */
      readonly agent: string;
      readonly findings: readonly ReviewFinding[];
      /** What the reviewer said at the end, at most 16 KiB. */
      readonly message: string;
      /** What the reviewer says in all. @default not known */
      readonly verdict?: 'approve' | 'request_changes';
      /** Findings that are not in the list, none of them more severe. @default 0 */
      readonly omitted?: number;
      /** Prompt, answer and other evidence, absolute. @default none */
      readonly files?: readonly string[];
    }
  /** Nobody is there to review, or whoever is came to no end. */
  | {
      readonly kind: 'not-reviewed';
      readonly agent: string | null;
      /** One sentence without a full stop. */
      readonly reason: string;
      /** As above. @default none */
      readonly files?: readonly string[];
    };

export interface ReviewFinding extends Finding {
  readonly severity: ReviewSeverity;
}

export const reviewSeverities = ['low', 'medium', 'high', 'critical'] as const;
export type ReviewSeverity = (typeof reviewSeverities)[number];
