import type { GateName } from './gate-config.js';
import type { LoopConfig } from './loop-config.js';
import type { RetryPolicy } from './retry-policy.js';

/** A pipeline with everything resolved that can be known before it runs. Immutable, made by `planPipeline`. */
export interface Plan {
  readonly pipeline: PlannedPipeline;
  readonly stages: readonly [PlannedStage, ...PlannedStage[]];
  /** `graph` once a stage declares `needs`: independent stages run side by side; else as written. */
  readonly order: 'graph' | 'sequence';
  /** Stages at once in a graph; undefined leaves it to the machine. */
  readonly maxParallel: number | undefined;
  readonly deadlineMs: number | undefined;
  /** `<pipeline>:<stage>` of the target. It is recorded; every stage runs all the same. */
  readonly targetId: string;
  /** Stages of this plan and of all subpipelines below it. */
  readonly totalStages: number;
}

export interface PlannedPipeline {
  readonly id: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  /** Where the pipeline came from; undefined for the pseudo pipeline of a single command. */
  readonly source: 'default' | 'user' | undefined;
  /** Whether the summary asks for a spec guard; undefined: where one of the stages is one. */
  readonly guardrailsRequired: boolean | undefined;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export type PlannedStage = PlannedCommand | PlannedGate | PlannedLoop | PlannedSubpipeline;

interface PlannedStageBase {
  /** Place in the pipeline with its sets expanded, from 1. */
  readonly index: number;
  readonly id: string;
  readonly title: string;
  /** Ids of the stages that must have succeeded first. */
  readonly needs: readonly string[];
  readonly hints: PlanHints;
}

export interface PlannedCommand extends PlannedStageBase {
  readonly kind: 'command';
  /** A line for the shell, or a program and its arguments. */
  readonly command: string | readonly [string, ...string[]];
  readonly workingFolder: WorkingFolder;
  readonly env: Readonly<Record<string, string>>;
  readonly allowFailure: boolean;
  readonly summaryHint: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly silenceTimeoutMs: number | undefined;
  readonly retries: RetryPolicy;
  /** Globs of the files that decide what the stage comes to, relative to the root; empty without any. */
  readonly inputs: readonly string[];
}

/** Where a command runs. What a config names stays inside the root; a caller may name any folder. */
export type WorkingFolder =
  | { readonly kind: 'inside-root'; readonly path: string }
  | { readonly kind: 'anywhere'; readonly path: string };

export interface PlannedSubpipeline extends PlannedStageBase {
  readonly kind: 'subpipeline';
  readonly optional: boolean;
  readonly plan: Plan;
}

/** An agent that works on a goal until validators are content. What its config leaves open, its runner knows. */
export interface PlannedLoop extends PlannedStageBase {
  readonly kind: 'rlm';
  readonly config: LoopConfig;
  readonly env: Readonly<Record<string, string>>;
  readonly allowFailure: boolean;
}

/** A check of the repository in the process of the run. What its config leaves open, its runner knows. */
export interface PlannedGate extends PlannedStageBase {
  readonly kind: 'gate';
  readonly gate: GateName;
  /** Whether what it finds is only reported. */
  readonly dryRun: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly allowFailure: boolean;
}

/** How a stage shows up in the plan. Nothing else acts on it. */
export interface PlanHints {
  readonly runnable: boolean;
  readonly defaultTarget: boolean;
  readonly aliases: readonly string[];
  readonly executionMode: string | undefined;
  readonly requiresCloud: boolean;
}

/** Whether the run goes on as if the stage had succeeded when it fails. */
export function mayFail(stage: PlannedStage): boolean {
  return stage.kind === 'subpipeline' ? stage.optional : stage.allowFailure;
}

/** `<pipeline>:<stage>`, the id of a stage among those of other pipelines. */
export function planItemId(pipelineId: string, stageId: string): string {
  return `${pipelineId}:${stageId}`;
}
