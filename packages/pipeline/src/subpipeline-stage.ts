import type { PlannedSubpipeline } from './plan.js';
import type { RunOutcome } from './run-outcome.js';
import { stopKindOf } from './run-stop.js';
import type { StageContext } from './stage-context.js';
import { allowedFailure, bareEnd, elapsedMs } from './stage-end.js';
import type { StageEnd } from './stage-end.js';

/** Runs a subpipeline stage to its end: a run with a record of its own, named in this one's. */
export async function runSubpipelineStage(
  stage: PlannedSubpipeline,
  context: StageContext,
): Promise<StageEnd> {
  const { clock } = context.settings;
  const startMs = clock.monotonicMs();
  const child = await context.runChild(stage);
  const { layout, manifest } = child;
  return {
    ...bareEnd,
    ...judge(stage, child, context.signal),
    outcome: 'child-run',
    duration_ms: elapsedMs(clock, startMs),
    summary: summarise(child),
    child_run: {
      run_id: manifest.run_id,
      pipeline_id: manifest.pipeline_id,
      status: child.status,
      manifest: layout.relative(layout.manifestPath),
    },
  };
}

function judge(
  { optional }: PlannedSubpipeline,
  { status }: RunOutcome,
  signal: AbortSignal,
): Pick<StageEnd, 'reason' | 'status'> {
  if (status === 'succeeded') return { status: 'succeeded', reason: null };
  if (status === 'cancelled' && signal.aborted) {
    return { status: 'cancelled', reason: stopKindOf(signal) };
  }
  return optional
    ? { status: 'skipped', reason: allowedFailure }
    : { status: 'failed', reason: null };
}

function summarise({ status, manifest }: RunOutcome): string {
  const verdicts = {
    succeeded: 'succeeded',
    failed: 'failed',
    cancelled: 'was cancelled',
    timed_out: 'timed out',
  } as const;
  const headline = `Pipeline '${manifest.pipeline_id}' ${verdicts[status]}`;
  const [cause] = status === 'succeeded' ? [] : (manifest.summary ?? '').split('\n');
  return cause === undefined || cause === '' ? headline : `${headline} — ${cause}`;
}
