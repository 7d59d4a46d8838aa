import type { Manifest } from '@codex-orchestrator/manifest';
import type { MetricsEntry, PrivacyEvent } from '@codex-orchestrator/metrics';

type PrivacyMembers = Required<
  Pick<MetricsEntry, 'privacy_event_count' | 'privacy_events' | 'privacy_log_path' | 'privacy_mode'>
> &
  Pick<MetricsEntry, 'privacy_events_truncated'>;

/**
 * What was decided about the output of a run: what was taken out, one by one, and per stage that ran one
 * `allow` for everything else. An event says no more than what it is known by: entries are read again and
 * again. Of more than `maxEvents` the first ones are kept; negative: all.
 */
export function privacyMembers(
  manifest: Pick<Manifest, 'commands' | 'privacy' | 'updated_at'>,
  maxEvents: number,
): PrivacyMembers {
  const { privacy } = manifest;
  const events = privacy === null ? [] : [...takenOut(privacy), ...letThrough(manifest)];
  const isCut = maxEvents >= 0 && events.length > maxEvents;
  return {
    privacy_mode: privacy?.mode ?? null,
    privacy_log_path: privacy?.log_path ?? null,
    privacy_event_count: events.length,
    privacy_events_truncated: isCut ? true : undefined,
    privacy_events: isCut ? events.slice(0, maxEvents) : events,
  };
}

function takenOut({ decisions }: NonNullable<Manifest['privacy']>): PrivacyEvent[] {
  return decisions
    .filter(({ action }) => action !== 'allow')
    .map(({ handle_id, sequence, action, rule, timestamp, stage_id, count }) => ({
      handle_id,
      sequence,
      action,
      rule,
      timestamp,
      stage_id,
      count,
    }));
}

function letThrough({
  commands,
  privacy,
  updated_at,
}: Pick<Manifest, 'commands' | 'privacy' | 'updated_at'>): PrivacyEvent[] {
  const last = Math.max(0, ...(privacy?.decisions ?? []).map(({ sequence }) => sequence));
  return commands
    .filter(({ attempts }) => attempts > 0)
    .map(({ id, completed_at }, at) => ({
      handle_id: id,
      sequence: last + at + 1,
      action: 'allow',
      timestamp: completed_at ?? updated_at,
    }));
}
