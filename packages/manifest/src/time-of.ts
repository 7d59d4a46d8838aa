import type { Clock } from '@codex-orchestrator/core';

/** The wall-clock time as records have it. */
export function timeOf(clock: Clock): string {
  return new Date(clock.nowMs()).toISOString();
}
