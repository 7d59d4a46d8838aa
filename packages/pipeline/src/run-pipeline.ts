import { createRunLayout } from '@codex-orchestrator/manifest';

import { GuardedObserver } from './guarded-observer.js';
import { PipelineRun } from './pipeline-run.js';
import type { ChildOptions } from './pipeline-run.js';
import type { Plan } from './plan.js';
import type { RunOutcome } from './run-outcome.js';
import { resolveRunOptions } from './run-settings.js';
import type { RunPipelineOptions } from './run-settings.js';
import { describeStart } from './run-start.js';

/**
 * Runs a plan to its end and leaves a sealed record of it. Whatever stages do is a value: this
 * rejects only where the record cannot be opened or kept, and then nothing of the run is left
 * running either.
 *
 * @throws PipelineError `INVALID_OPTION`; ManifestError of the record.
 */
export async function runPipeline(plan: Plan, options: RunPipelineOptions): Promise<RunOutcome> {
  const settings = resolveRunOptions(plan, options);
  const layout = createRunLayout(settings);
  const observer = new GuardedObserver(settings.observer);
  const record = await settings.openRecord(describeStart(plan, layout, settings), {
    fs: settings.fs,
    clock: settings.clock,
    random: settings.random,
    onEvent: (event) => {
      observer.onEvent(event);
    },
  });
  const runChild = (child: Plan, own: ChildOptions): Promise<RunOutcome> =>
    runPipeline(child, childOptions(options, own));
  return new PipelineRun({ plan, settings, record, observer, runChild }).run();
}

/** A subpipeline's run is like its parent's, with a name, a signal and an observer of its own. */
function childOptions(options: RunPipelineOptions, own: ChildOptions): RunPipelineOptions {
  return { ...options, ...own, runId: undefined };
}
