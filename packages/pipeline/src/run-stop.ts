import type { Clock } from '@codex-orchestrator/core';

import { describeDuration } from './summaries.js';

/** Why a run is ended before its stages are. */
export type RunStopKind = 'deadline-exceeded' | 'run-cancelled';

/** The reason with which a run's commands are stopped, and a subpipeline's run with them. */
export class RunStop extends Error {
  override readonly name = 'RunStop';
  readonly kind: RunStopKind;
  /** The signal that asked for it, such as `SIGINT`. */
  readonly signal: string | null;

  constructor(kind: RunStopKind, reason: string, signal: string | null = null) {
    super(reason);
    this.kind = kind;
    this.signal = signal;
  }
}

/**
 * Reads the reason of an abort: the name of a signal as plain text, an error, or any text. The
 * deadline of an outer run is no deadline of this one: its run is cancelled.
 */
export function describeAbort(reason: unknown): RunStop {
  if (reason instanceof RunStop) {
    if (reason.kind === 'run-cancelled') return reason;
    return new RunStop('run-cancelled', 'the deadline of the parent run passed');
  }
  if (typeof reason === 'string') {
    return /^SIG[A-Z0-9]+$/.test(reason)
      ? new RunStop('run-cancelled', `received ${reason}`, reason)
      : new RunStop('run-cancelled', reason);
  }
  return new RunStop('run-cancelled', reason instanceof Error ? reason.message : 'aborted');
}

/** What stopped the run that a signal belongs to. */
export function stopKindOf({ reason }: AbortSignal): RunStopKind {
  return reason instanceof RunStop ? reason.kind : 'run-cancelled';
}

export interface StopSources {
  readonly signal: AbortSignal | undefined;
  readonly deadlineMs: number | undefined;
  readonly clock: Clock;
}

/** Reports when the caller or the deadline wants the run to stop; returns what ends the watch. */
export function armStops(sources: StopSources, onStop: (stop: RunStop) => void): () => void {
  const { signal, deadlineMs, clock } = sources;
  const onAbort = (): void => {
    onStop(describeAbort(signal?.reason));
  };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  const cancelTimer =
    deadlineMs === undefined
      ? undefined
      : clock.schedule(deadlineMs, () => {
          const reason = `the deadline of ${describeDuration(deadlineMs)} passed`;
          onStop(new RunStop('deadline-exceeded', reason));
        });
  return () => {
    signal?.removeEventListener('abort', onAbort);
    cancelTimer?.();
  };
}
