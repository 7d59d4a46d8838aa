import { effectiveStatus, isFinalStatus } from '@codex-orchestrator/manifest';
import type { FoundRun, Manifest, RunStatus } from '@codex-orchestrator/manifest';
import type { Clock } from '@codex-orchestrator/core';

import { viewInterrupted } from './interruption.js';
import type { Interruption } from './interruption.js';

/** A run as it stands now, which its manifest alone cannot say. */
export interface RunView {
  readonly manifest: Manifest;
  /** What the record says, corrected by whether anybody still runs it. */
  readonly status: RunStatus;
  /** What the record says; `in_progress` of an interrupted run asks for `recover`. */
  readonly recordedStatus: RunStatus;
  /** What the status rests on, such as `owner-dead`. */
  readonly statusReason: string;
  /** Undefined unless the run is interrupted. */
  readonly interruption: Interruption | undefined;
  /** What was strange about the record, for people. */
  readonly remarks: readonly string[];
}

/** Looks at one run. Of a run that was interrupted the journal is read too. */
export async function viewRun(run: FoundRun, clock: Clock): Promise<RunView> {
  const { status, reason, lastSeenAt } = effectiveStatus(run.manifest, { clock });
  const view = { status, statusReason: reason, recordedStatus: run.manifest.status };
  const oddities = describeOddities(run);
  if (status !== 'interrupted') {
    return { ...view, manifest: run.manifest, interruption: undefined, remarks: oddities };
  }
  const { manifest, interruption, remarks } = await viewInterrupted(run, lastSeenAt);
  const seen = { ...view, manifest, remarks: [...oddities, ...remarks] };
  if (!hasEnded(manifest)) return { ...seen, interruption };
  // It was killed between the last line of its journal and the last write of its manifest.
  return { ...seen, status: manifest.status, statusReason: 'recorded', interruption: undefined };
}

/** Whether the run came to its own end. */
function hasEnded({ status }: Manifest): boolean {
  return isFinalStatus(status) && status !== 'interrupted';
}

function describeOddities({ unknownFields, problems }: FoundRun): string[] {
  return [
    ...problems.map((problem) => `damaged: ${problem}`),
    ...(unknownFields.length === 0
      ? []
      : [`written by another version: ${unknownFields.join(', ')}`]),
  ];
}
