import type { CommandOutput, GroupGuard } from '@codex-orchestrator/exec';
import type { NewRunEvent, RunLayout } from '@codex-orchestrator/manifest';

import type { LoopTrace } from './loop-history.js';
import type { PlannedSubpipeline } from './plan.js';
import type { RunOutcome } from './run-outcome.js';
import type { RunSettings } from './run-settings.js';

/** What a stage sees of the run that it belongs to. */
export interface StageContext {
  readonly settings: RunSettings;
  readonly layout: RunLayout;
  /** What every command of the run is started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Aborted with a `RunStop` when the run is stopped. */
  readonly signal: AbortSignal;
  readonly guard: GroupGuard;
  /** The loops that go on where an earlier attempt left them, by the ids of their stages. */
  readonly loops: ReadonlyMap<string, LoopTrace>;
  /** Experiences that the run was given, one line each. */
  readonly lessons: readonly string[];
  /** Undefined where nobody listens. */
  readonly onOutput: ((stageIndex: number, output: CommandOutput) => void) | undefined;
  /** Puts a fact about the stage into the journal. Where that fails, the run is being ended. */
  append(event: NewRunEvent): void;
  /** Runs the plan of a subpipeline stage as a run of its own. */
  runChild(stage: PlannedSubpipeline): Promise<RunOutcome>;
}
