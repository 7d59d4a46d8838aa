import type { FinalStatus, Manifest, RunLayout } from '@codex-orchestrator/manifest';

import type { RunStopKind } from './run-stop.js';

/** How a run ended. The same is in its record. */
export interface RunOutcome {
  readonly status: Exclude<FinalStatus, 'interrupted'>;
  /** Such as `stage:build:failed`; null for a run that succeeded. */
  readonly statusDetail: string | null;
  /** Undefined for a run that came to its own end. */
  readonly stop:
    | { readonly kind: RunStopKind; readonly signal: string | null; readonly reason: string }
    | undefined;
  /** The final manifest. On disk it also says where the journal ends. */
  readonly manifest: Manifest;
  readonly layout: RunLayout;
  /** What went wrong beside the stages: observers that threw, snapshots that could not be written. */
  readonly problems: readonly unknown[];
}

/** What decides how a run ended. */
export interface RunFacts {
  readonly stop: { readonly kind: RunStopKind; readonly signal: string | null } | undefined;
  /** The first stage that failed for good. */
  readonly failure: FailedStage | undefined;
}

export interface FailedStage {
  readonly kind: 'command' | 'subpipeline';
  /** The stage's id, or the pipeline's of a subpipeline stage. */
  readonly name: string;
  /** Whether it could not run at all. */
  readonly isError: boolean;
}

/** A run that was stopped never counts as failed or succeeded, whatever its stages came to. */
export function decideOutcome(facts: RunFacts): Pick<RunOutcome, 'status' | 'statusDetail'> {
  const { stop, failure } = facts;
  if (stop?.kind === 'deadline-exceeded') {
    return { status: 'timed_out', statusDetail: 'deadline-exceeded' };
  }
  if (stop) return { status: 'cancelled', statusDetail: `cancelled:${stop.signal ?? 'aborted'}` };
  if (!failure) return { status: 'succeeded', statusDetail: null };
  const subject = failure.kind === 'command' ? 'stage' : 'subpipeline';
  const fact = failure.isError ? 'error' : 'failed';
  return { status: 'failed', statusDetail: `${subject}:${failure.name}:${fact}` };
}
