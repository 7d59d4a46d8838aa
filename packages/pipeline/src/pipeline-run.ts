import { setMaxListeners } from 'node:events';

import { messageOf } from '@codex-orchestrator/core';
import type { GroupGuard } from '@codex-orchestrator/exec';
import type { NewRunEvent, RunRecord } from '@codex-orchestrator/manifest';

import { runCommandStage } from './command-stage.js';
import type { GuardedObserver } from './guarded-observer.js';
import { runGateStage } from './gate-stage.js';
import { inputsHash } from './inputs-hash.js';
import type { LoopTrace } from './loop-history.js';
import { runLoopStage } from './loop-stage.js';
import type { Plan, PlannedCommand, PlannedStage } from './plan.js';
import type { RunObserver } from './run-observer.js';
import { decideOutcome } from './run-outcome.js';
import type { FailedStage, RunOutcome } from './run-outcome.js';
import type { RunSettings } from './run-settings.js';
import { describeEnvironment } from './run-start.js';
import { armStops, RunStop } from './run-stop.js';
import type { StageContext } from './stage-context.js';
import { bareEnd, elapsedMs, hasPassed } from './stage-end.js';
import type { StageEnd } from './stage-end.js';
import { StageGraph } from './stage-graph.js';
import type { SkippedStage } from './stage-graph.js';
import { runSubpipelineStage } from './subpipeline-stage.js';
import { describeSkip } from './summaries.js';

export interface RunParts {
  readonly plan: Plan;
  readonly settings: RunSettings;
  readonly record: RunRecord;
  readonly observer: GuardedObserver;
  readonly guard: GroupGuard;
  /** Ids of the stages whose earlier end stands. @default none */
  readonly kept?: ReadonlySet<string>;
  /** Loops that go on where an earlier attempt left them, by the ids of their stages. @default none */
  readonly loops?: ReadonlyMap<string, LoopTrace>;
  /** Runs another plan with the options of this run, but for those given. */
  readonly runChild: (plan: Plan, options: ChildOptions) => Promise<RunOutcome>;
}

/** What a subpipeline's run has of its own. */
export interface ChildOptions {
  readonly parentRunId: string;
  readonly signal: AbortSignal;
  readonly observer: RunObserver | undefined;
}

/** One run from its open record to its sealed one. */
export class PipelineRun {
  readonly #plan: Plan;
  readonly #settings: RunSettings;
  readonly #record: RunRecord;
  readonly #observer: GuardedObserver;
  readonly #graph: StageGraph;
  readonly #stages: ReadonlyMap<string, PlannedStage>;
  readonly #runChild: RunParts['runChild'];
  readonly #controller = new AbortController();
  readonly #context: StageContext;
  readonly #startMs: number;
  readonly #notes: string[] = [];
  #stop: RunStop | undefined;
  #failure: FailedStage | undefined;
  /** What kept a fact out of the journal. A run that cannot be recorded must not go on. */
  #recordError: unknown;

  constructor(parts: RunParts) {
    const { plan, settings, record, observer, guard, kept, runChild } = parts;
    this.#plan = plan;
    this.#settings = settings;
    this.#record = record;
    this.#observer = observer;
    this.#runChild = runChild;
    this.#startMs = settings.clock.monotonicMs();
    this.#stages = new Map(plan.stages.map((stage) => [stage.id, stage]));
    this.#graph = new StageGraph(plan.stages, {
      maxParallel: plan.order === 'graph' ? settings.maxParallel : 1,
      keepGoing: settings.keepGoing,
      ...(kept && { passed: kept }),
    });
    // Every stage that runs listens to it, and there may be many.
    setMaxListeners(0, this.#controller.signal);
    this.#context = this.#createContext(guard, parts.loops);
  }

  async run(): Promise<RunOutcome> {
    const { signal, clock } = this.#settings;
    const disarm = armStops({ signal, clock, deadlineMs: this.#plan.deadlineMs }, (stop) => {
      this.#end(stop);
    });
    try {
      await this.#runStages();
    } finally {
      disarm();
    }
    if (this.#recordError !== undefined) return this.#abandon(this.#recordError);
    const decided = decideOutcome({ stop: this.#stop, failure: this.#failure });
    const manifest = await this.#seal(decided);
    return {
      ...decided,
      stop: this.#stop && {
        kind: this.#stop.kind,
        signal: this.#stop.signal,
        reason: this.#stop.message,
      },
      manifest: { ...manifest, observability: this.#record.stats },
      layout: this.#record.layout,
      problems: [...this.#observer.problems, ...this.#record.problems],
    };
  }

  #createContext(guard: GroupGuard, loops: RunParts['loops'] = new Map()): StageContext {
    const packs = this.#record.manifest.prompt_packs ?? [];
    return {
      settings: this.#settings,
      layout: this.#record.layout,
      environment: describeEnvironment(this.#plan, this.#settings, this.#record.layout),
      signal: this.#controller.signal,
      guard,
      loops,
      lessons: packs.flatMap(({ experiences = [] }) => experiences),
      onOutput: this.#observer.wantsOutput ? this.#observer.onOutput : undefined,
      append: (event) => {
        try {
          this.#append(event);
        } catch (error) {
          this.#giveUp(error);
          throw error;
        }
      },
      runChild: (stage) =>
        this.#runChild(stage.plan, {
          parentRunId: this.#record.layout.runId,
          signal: this.#controller.signal,
          observer: this.#observer.forSubpipeline(stage.index),
        }),
    };
  }

  /**
   * First the journal says that the run is being stopped, then what has not started is skipped, then
   * what runs is stopped: a crash in between leaves a record that explains what is missing.
   */
  #end(stop: RunStop): void {
    if (this.#stop) return;
    this.#stop = stop;
    try {
      this.#append({ type: 'run.cancelling', signal: stop.signal, reason: stop.message });
      this.#recordSkips(this.#graph.stop({ kind: stop.kind }));
    } catch (error) {
      this.#giveUp(error);
    }
    this.#controller.abort(stop);
  }

  /** Resolves once nothing runs and nothing can start any more. Never rejects. */
  #runStages(): Promise<void> {
    return new Promise((resolve) => {
      const proceed = (): void => {
        if (this.#graph.isSettled) resolve();
        else for (const id of this.#graph.takeReady()) void this.#runStage(id).then(proceed);
      };
      proceed();
    });
  }

  async #runStage(id: string): Promise<void> {
    const stage = this.#stages.get(id);
    if (!stage) throw new Error(`Internal error: stage "${id}" is not in the plan`);
    let passed = false;
    try {
      const { index } = stage;
      const inputs_hash = hasInputs(stage) ? await this.#hashInputs(stage) : null;
      this.#append({
        type: 'stage.started',
        index,
        id,
        log_path: this.#logPathOf(stage),
        inputs_hash,
      });
      const { notes, ...end } = await this.#execute(stage);
      // The end of a stage is in the journal before anything that follows from it can start.
      this.#append({ type: 'stage.finished', index, id, ...end });
      this.#notes.push(...notes);
      passed = hasPassed(end);
      if (end.status === 'failed') this.#failure ??= describeFailedStage(stage, end);
    } catch (error) {
      this.#giveUp(error);
    }
    try {
      this.#recordSkips(this.#graph.finish(id, passed ? 'passed' : 'failed'));
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #logPathOf({ kind, index, id }: PlannedStage): string | null {
    const { layout } = this.#record;
    return kind === 'subpipeline' ? null : layout.relative(layout.stageLogPath(index, id));
  }

  /** Inputs that cannot be read do not keep a stage from running: it only will not be kept. */
  async #hashInputs({ inputs, title }: PlannedCommand): Promise<string | null> {
    const { root, runsDir } = this.#record.layout;
    try {
      return await inputsHash(inputs, { root, runsDir, fs: this.#settings.fs });
    } catch (error) {
      this.#notes.push(`Inputs of stage '${title}' could not be read: ${messageOf(error)}.`);
      return null;
    }
  }

  /** Like every other failure of a stage, one to be run at all is an end of the stage. */
  async #execute(stage: PlannedStage): Promise<StageEnd> {
    const startMs = this.#settings.clock.monotonicMs();
    try {
      return await runStageOf(stage, this.#context);
    } catch (error) {
      if (this.#recordError !== undefined) throw error;
      const message = messageOf(error);
      return {
        ...bareEnd,
        status: 'failed',
        outcome: 'error',
        duration_ms: elapsedMs(this.#settings.clock, startMs),
        summary: `Execution error: ${message}`,
        reason: message,
      };
    }
  }

  #recordSkips(skipped: readonly SkippedStage[]): void {
    for (const { id, reason } of skipped) {
      const index = this.#stages.get(id)?.index ?? 0;
      this.#append({
        type: 'stage.skipped',
        index,
        id,
        reason: reason.kind,
        summary: describeSkip(reason),
      });
    }
  }

  #append(event: NewRunEvent): void {
    if (this.#recordError !== undefined) return;
    try {
      this.#record.append(event);
    } catch (error) {
      this.#recordError = error;
      throw error;
    }
  }

  /** Stops everything without a word to the journal, which does not take one any more. */
  #giveUp(error: unknown): void {
    this.#recordError ??= error;
    this.#graph.stop({ kind: 'run-cancelled' });
    this.#controller.abort(new RunStop('run-cancelled', 'the run can no longer be recorded'));
  }

  async #seal(
    decided: Pick<RunOutcome, 'status' | 'statusDetail'>,
  ): Promise<RunOutcome['manifest']> {
    return this.#record.seal({
      status: decided.status,
      status_detail: decided.statusDetail,
      duration_ms: elapsedMs(this.#settings.clock, this.#startMs),
      notes: [...(this.#stop ? [`Run stopped: ${this.#stop.message}.`] : []), ...this.#notes],
    });
  }

  /** The disk may have come back: a last try to say how the run ended, then the first error. */
  async #abandon(error: unknown): Promise<never> {
    const end = { status: 'failed', statusDetail: 'record-failed' } as const;
    await this.#seal(end).catch(() => this.#record.close().catch(() => undefined));
    throw error;
  }
}

function runStageOf(stage: PlannedStage, context: StageContext): Promise<StageEnd> {
  switch (stage.kind) {
    case 'command':
      return runCommandStage(stage, context);
    case 'gate':
      return runGateStage(stage, context);
    case 'rlm':
      return runLoopStage(stage, context);
    case 'subpipeline':
      return runSubpipelineStage(stage, context);
  }
}

function hasInputs(stage: PlannedStage): stage is PlannedCommand {
  return stage.kind === 'command' && stage.inputs.length > 0;
}

function describeFailedStage(stage: PlannedStage, end: Pick<StageEnd, 'outcome'>): FailedStage {
  const isError = end.outcome === 'error' || end.outcome === 'spawn-failed';
  return stage.kind === 'subpipeline'
    ? { kind: 'subpipeline', name: stage.plan.pipeline.id, isError }
    : { kind: 'command', name: stage.id, isError };
}
