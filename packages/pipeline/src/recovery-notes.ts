import type { EndedGroup, JournalRepair, StageRecord } from '@codex-orchestrator/manifest';

import type { KnownRun } from './read-run.js';

export interface RecoveryFacts {
  readonly run: KnownRun;
  readonly running: readonly StageRecord[];
  readonly repair: JournalRepair;
  readonly endedGroups: readonly EndedGroup[];
  /** Files, relative to the run's folder, that hold the newest output of long logs. */
  readonly tailSegments: readonly string[];
}

/** What a reader of a run whose runner died should know, one sentence each. */
export function recoveryNotes(facts: RecoveryFacts): string[] {
  const { run, running, repair, endedGroups, tailSegments } = facts;
  return [
    `The runner died: its last sign of life was at ${run.lastSeenAt}.`,
    ...describeLastEvent(run),
    ...running.map(({ title, started_at }) => `Stage '${title}' was running${since(started_at)}.`),
    ...tailSegments.map((path) => `The newest output of its log is in '${path}'.`),
    ...describeGroups(endedGroups),
    ...describeRepair(repair),
  ];
}

function describeLastEvent({ lastEvent }: KnownRun): string[] {
  if (!lastEvent) return [];
  const stage = 'id' in lastEvent ? ` of stage '${lastEvent.id}'` : '';
  return [`Its last event is '${lastEvent.type}'${stage} at ${lastEvent.at}.`];
}

function since(startedAt: string | null): string {
  return startedAt === null ? '' : ` since ${startedAt}`;
}

function describeGroups(groups: readonly EndedGroup[]): string[] {
  const survived = groups.filter(({ outcome }) => outcome === 'survived').length;
  const ended = groups.length - survived;
  return [
    ...(ended === 0 ? [] : [`Process groups that it left running and that were ended: ${ended}.`]),
    ...(survived === 0 ? [] : [`Process groups of it that could not be ended: ${survived}.`]),
  ];
}

function describeRepair({ tornPath, lostLines }: JournalRepair): string[] {
  return [
    ...(tornPath === null ? [] : [`An unfinished line of the journal was moved to '${tornPath}'.`]),
    ...(lostLines === 0
      ? []
      : [`The journal lacks ${lostLines} lines that the manifest had vouched for.`]),
  ];
}
