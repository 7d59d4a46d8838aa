import { effectiveStatus, foldEvents, readJournal } from '@codex-orchestrator/manifest';
import type { FoundRun, Manifest, RunStatus } from '@codex-orchestrator/manifest';
import type { Clock } from '@codex-orchestrator/core';

/** A run as it stands now, which its manifest alone cannot say. */
export interface RunView {
  readonly manifest: Manifest;
  /** What the record says, corrected by whether anybody still runs it. */
  readonly status: RunStatus;
  /** What the status rests on, such as `owner-dead`. */
  readonly statusReason: string;
  /** What was strange about the manifest, for people. */
  readonly remarks: readonly string[];
}

/**
 * Looks at one run. Of a run that was interrupted the journal is read too: its manifest may be a
 * second older than the last fact.
 */
export async function viewRun(run: FoundRun, clock: Clock): Promise<RunView> {
  const { status, reason } = effectiveStatus(run.manifest, { clock });
  const manifest =
    status === 'interrupted' && run.manifest.status !== 'interrupted'
      ? await foldJournal(run)
      : run.manifest;
  return { manifest, status, statusReason: reason, remarks: describeOddities(run) };
}

/** A journal that cannot be read or folded leaves the manifest as the best that is known. */
async function foldJournal({ layout, manifest }: FoundRun): Promise<Manifest> {
  try {
    const { events } = await readJournal(layout.journalPath);
    return foldEvents(events) ?? manifest;
  } catch {
    return manifest;
  }
}

function describeOddities({ unknownFields, problems }: FoundRun): string[] {
  return [
    ...problems.map((problem) => `damaged: ${problem}`),
    ...(unknownFields.length === 0
      ? []
      : [`written by another version: ${unknownFields.join(', ')}`]),
  ];
}
