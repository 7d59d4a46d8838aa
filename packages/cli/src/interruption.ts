import { messageOf } from '@codex-orchestrator/core';
import { foldEvents, readJournal } from '@codex-orchestrator/manifest';
import type { FoundRun, JournalReading, Manifest, RunEvent } from '@codex-orchestrator/manifest';

/** What is known of a run that ended without its owner. */
export interface Interruption {
  /** The last sign of life of whoever ran it. */
  readonly since: string;
  /** The last fact that it recorded itself; null when the journal cannot be read. */
  readonly last_event: { readonly type: string; readonly at: string } | null;
  /** Id of the stage that it was last busy with; null when it had begun none. */
  readonly last_stage: string | null;
}

export interface InterruptedRun {
  /** As the journal tells it: the manifest may be a second older than the last fact. */
  readonly manifest: Manifest;
  readonly interruption: Interruption;
  /** What was strange about the journal, for people. */
  readonly remarks: readonly string[];
}

/** A journal that cannot be read or folded leaves the manifest as the best that is known. */
export async function viewInterrupted(
  { layout, manifest }: FoundRun,
  lastSeenAt: string,
): Promise<InterruptedRun> {
  try {
    const reading = await readJournal(layout.journalPath);
    return {
      manifest: foldEvents(reading.events) ?? manifest,
      interruption: describeInterruption(manifest, reading.events, lastSeenAt),
      remarks: describeDamage(reading),
    };
  } catch (error) {
    const reason = messageOf(error);
    return {
      manifest,
      interruption: describeInterruption(manifest, [], lastSeenAt),
      remarks: [`damaged: ${reason}`],
    };
  }
}

/** What the run recorded itself: whoever recovers it, or wants to resume it, writes behind that. */
function ownEvents(events: readonly RunEvent[]): readonly RunEvent[] {
  const begun = events.findLastIndex(({ type }) => type === 'run.resumed');
  const recovered = events.findIndex(({ type }, at) => at > begun && type === 'run.recovered');
  const upTo = recovered === -1 ? events : events.slice(0, recovered);
  return upTo.filter(({ type }) => type !== 'run.resume_refused');
}

function describeInterruption(
  manifest: Manifest,
  events: readonly RunEvent[],
  lastSeenAt: string,
): Interruption {
  const own = ownEvents(events);
  const last = own.at(-1);
  const stage = own.findLast((event) => 'index' in event);
  return {
    since: sealedSince(manifest) ?? latest(lastSeenAt, last?.at),
    last_event: last === undefined ? null : { type: last.type, at: last.at },
    last_stage: last === undefined ? lastStageOf(manifest) : (stage?.id ?? null),
  };
}

/** The manifest may be older than the last line of the journal, and the other way round. */
function latest(seenAt: string, eventAt = seenAt): string {
  return eventAt > seenAt ? eventAt : seenAt;
}

/** Who sealed the record in the owner's place wrote down when that had last been seen. */
function sealedSince({ status, recoveries }: Manifest): string | undefined {
  return status === 'interrupted' ? recoveries.at(-1)?.last_seen_at : undefined;
}

function lastStageOf({ commands }: Manifest): string | null {
  const begun = commands.filter((stage) => stage.started_at !== null);
  begun.sort((a, b) => (a.started_at ?? '').localeCompare(b.started_at ?? ''));
  return begun.at(-1)?.id ?? null;
}

function describeDamage({ damaged }: JournalReading): string[] {
  return damaged.map(
    ({ lineNumber, reason }) => `damaged: line ${lineNumber} of the journal: ${reason}`,
  );
}
