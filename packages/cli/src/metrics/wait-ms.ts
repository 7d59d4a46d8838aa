import type { Manifest, StageRecord } from '@codex-orchestrator/manifest';

type Times = Pick<
  Manifest,
  'commands' | 'completed_at' | 'recoveries' | 'resume_events' | 'started_at' | 'status'
>;

/**
 * Time of the attempt that ended last in which none of its stages ran: what the runner itself took.
 * Whole milliseconds, by the wall clock that the record has; never negative.
 */
export function waitMs(run: Times): number {
  const window = windowOf(run);
  const stages = run.commands.flatMap((stage) => clip(intervalOf(stage), window));
  return Math.max(0, Math.round(lengthOf(window) - unionLength(stages)));
}

interface Interval {
  readonly start: number;
  readonly end: number;
}

/** A run whose runner died ended when it was last seen, not when somebody found it. */
function windowOf({
  started_at,
  completed_at,
  status,
  resume_events,
  recoveries,
}: Times): Interval {
  const resumed = resume_events.findLast(({ outcome }) => outcome === 'accepted');
  const died = status === 'interrupted' ? recoveries.at(-1)?.last_seen_at : undefined;
  const start = Date.parse(resumed?.timestamp ?? started_at);
  const end = Date.parse(died ?? completed_at ?? started_at);
  return { start, end: Math.max(start, end) };
}

function intervalOf({ started_at, completed_at, duration_ms }: StageRecord): Interval | undefined {
  if (started_at === null) return undefined;
  const start = Date.parse(started_at);
  const end = completed_at === null ? Infinity : Date.parse(completed_at);
  return { start, end: duration_ms === null ? end : start + duration_ms };
}

function clip(interval: Interval | undefined, window: Interval): Interval[] {
  if (interval === undefined) return [];
  const start = Math.max(interval.start, window.start);
  const end = Math.min(interval.end, window.end);
  return start < end ? [{ start, end }] : [];
}

function unionLength(intervals: readonly Interval[]): number {
  let covered = 0;
  let upTo = -Infinity;
  for (const { start, end } of intervals.toSorted((a, b) => a.start - b.start)) {
    covered += Math.max(0, end - Math.max(start, upTo));
    upTo = Math.max(upTo, end);
  }
  return covered;
}

function lengthOf({ start, end }: Interval): number {
  return end - start;
}
