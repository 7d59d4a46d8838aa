import { messageOf } from '@codex-orchestrator/core';

import { ManifestError } from './errors.js';
import type { Manifest, Observability } from './manifest.js';
import type { RunHistory } from './run-history.js';

export interface EndedAttempt {
  readonly end: Manifest;
  readonly cost: Observability;
  /** Whether somebody may have counted it whose seal was cut short. */
  readonly mayBeCounted: boolean;
}

/** Has an attempt counted unless it is. Rejects with whatever the history rejects with. */
export async function countAttempt(history: RunHistory, attempt: EndedAttempt): Promise<void> {
  const { end, cost, mayBeCounted } = attempt;
  if (mayBeCounted && (await history.has(end.run_id, end.attempt))) return;
  await history.add(end, cost);
}

/** What the journal calls a history. */
export function nameOf({ name = 'metrics' }: RunHistory): string {
  return name;
}

export function notCounted({ run_id, attempt }: Manifest, cause: unknown): ManifestError {
  const message = `Attempt ${attempt} of the run '${run_id}' is not counted: ${messageOf(cause)}`;
  return new ManifestError('HISTORY_FAILED', message, { cause });
}
