import type { Clock } from '@codex-orchestrator/core';
import type { NewRunEvent } from '@codex-orchestrator/manifest';

type StageFinished = Extract<NewRunEvent, { readonly type: 'stage.finished' }>;

/** How a stage that started came to its end: the fact for the journal. */
export interface StageEnd extends Omit<StageFinished, 'id' | 'index' | 'type'> {
  /** What the run's summary should mention besides. */
  readonly notes: readonly string[];
}

/** Reason of a stage that failed, may do so, and therefore counts as skipped. */
export const allowedFailure = 'allowed-failure';

/** The members that most ends leave empty. */
export const bareEnd = {
  exit_code: null,
  signal: null,
  reason: null,
  log_path: null,
  log_bytes: null,
  log_omitted_bytes: null,
  error_file: null,
  child_run: null,
  artifacts: [],
  privacy: null,
  notes: [],
} as const satisfies Partial<StageEnd>;

/** Whether stages that depend on this one may run. */
export function hasPassed(end: Pick<StageEnd, 'reason' | 'status'>): boolean {
  return end.status === 'succeeded' || end.reason === allowedFailure;
}

/** Milliseconds since `startMs` on the monotonic clock, to the microsecond. */
export function elapsedMs(clock: Clock, startMs: number): number {
  return roundMs(clock.monotonicMs() - startMs);
}

/** Drops the digits below a microsecond, which mean nothing and fill the record. */
export function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
