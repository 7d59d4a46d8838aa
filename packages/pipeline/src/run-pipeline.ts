import { openGroupGuard } from '@codex-orchestrator/exec';
import type { GroupGuard } from '@codex-orchestrator/exec';
import { createRunLayout } from '@codex-orchestrator/manifest';
import type { RunRecord, RunRecordOptions } from '@codex-orchestrator/manifest';

import { withContainment } from './contain-run.js';
import { GuardedObserver } from './guarded-observer.js';
import { PipelineRun } from './pipeline-run.js';
import type { ChildOptions, RunParts } from './pipeline-run.js';
import type { Plan } from './plan.js';
import { redactRecord } from './redacted-record.js';
import type { RunOutcome } from './run-outcome.js';
import { resolveRunOptions } from './run-settings.js';
import type { RunPipelineOptions, RunSettings } from './run-settings.js';
import { describeStart } from './run-start.js';

/**
 * Runs a plan to its end and leaves a sealed record of it. Whatever stages do is a value: this
 * rejects only where the record cannot be opened or kept, and then nothing of the run is left
 * running either.
 *
 * @throws PipelineError `INVALID_OPTION`; ExecError `CONTAINMENT_UNAVAILABLE`; ManifestError of the
 * record.
 */
export async function runPipeline(plan: Plan, options: RunPipelineOptions): Promise<RunOutcome> {
  return withContainment(resolveRunOptions(plan, options), async (settings) => {
    const observer = new GuardedObserver(settings.observer);
    const record = await openRecord(plan, settings, observer);
    return runOpened({ plan, settings, record, observer }, options);
  });
}

/** Runs what is left of a plan whose record is open, with everything that a run needs around it. */
export async function runOpened(
  parts: Omit<RunParts, 'guard' | 'runChild'>,
  options: RunPipelineOptions,
): Promise<RunOutcome> {
  const { settings } = parts;
  const { containment } = settings;
  const start = (guard: GroupGuard): Promise<RunOutcome> => {
    // A subpipeline's run is like its parent's, but for what it has of its own.
    const runChild = (child: Plan, own: ChildOptions): Promise<RunOutcome> =>
      runPipeline(child, {
        ...options,
        ...own,
        guard,
        ...(containment && { containment }),
        runId: undefined,
        context: undefined,
      });
    return new PipelineRun({ ...parts, guard, runChild }).run();
  };
  if (settings.guard) return start(settings.guard);
  using guard = openGroupGuard(settings.graceMs === undefined ? {} : { graceMs: settings.graceMs });
  return await start(guard);
}

/** How the record of a run is opened, the first time or again. */
export function recordOptions(settings: RunSettings, observer: GuardedObserver): RunRecordOptions {
  const { fs, clock, random, signer, history } = settings;
  return {
    fs,
    clock,
    random,
    ...(signer && { signer }),
    ...(history && { history }),
    onEvent: (event) => {
      observer.onEvent(event);
    },
  };
}

async function openRecord(
  plan: Plan,
  settings: RunSettings,
  observer: GuardedObserver,
): Promise<RunRecord> {
  const start = describeStart(plan, createRunLayout(settings), settings);
  const record = await settings.openRecord(start, recordOptions(settings, observer));
  return redactRecord(record, settings.redactor);
}
