import type { CommandOutput, GroupGuard } from '@codex-orchestrator/exec';
import type { NewRunEvent, RunLayout } from '@codex-orchestrator/manifest';

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
  /** Undefined where nobody listens. */
  readonly onOutput: ((stageIndex: number, output: CommandOutput) => void) | undefined;
  /** Puts a fact about the stage into the journal. Where that fails, the run is being ended. */
  append(event: NewRunEvent): void;
  /** Runs the plan of a subpipeline stage as a run of its own. */
  runChild(stage: PlannedSubpipeline): Promise<RunOutcome>;
}
