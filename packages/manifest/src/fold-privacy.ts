import type { StageFinishedEvent } from './events.js';
import type { Privacy, PrivacyDecision, PrivacyMode } from './manifest.js';

/** The rule whose matches take whole blocks out. */
const blockingRule = 'private-key';

export function blankPrivacy(mode: PrivacyMode): Privacy {
  const totals = { total_frames: 0, redacted_frames: 0, blocked_frames: 0, allowed_frames: 0 };
  return { mode, decisions: [], totals, log_path: null };
}

/** Adds what was found in one stage: a decision per rule, never one per piece of output. */
export function addPrivacy(privacy: Privacy, event: StageFinishedEvent): Privacy {
  const found = event.privacy;
  if (!found) return privacy;
  const { totals } = privacy;
  const decisions = Object.entries(found.matches).map(([rule, count], at): PrivacyDecision => ({
    handle_id: event.id,
    sequence: privacy.decisions.length + at + 1,
    action: rule === blockingRule ? 'block' : 'redact',
    rule,
    reason: `the output matched the rule '${rule}'`,
    timestamp: event.at,
    stage_id: event.id,
    count,
  }));
  return {
    ...privacy,
    decisions: [...privacy.decisions, ...decisions],
    totals: {
      total_frames: totals.total_frames + found.frames,
      redacted_frames: totals.redacted_frames + found.redacted_frames,
      blocked_frames: totals.blocked_frames + found.blocked_frames,
      allowed_frames:
        totals.allowed_frames + found.frames - found.redacted_frames - found.blocked_frames,
    },
  };
}
