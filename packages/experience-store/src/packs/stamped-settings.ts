import { isObject } from '../record/member-values.js';

/**
 * The line by which a stamp of the form `settings` covers the settings of a pack: JSON without spaces
 * with every member in a fixed order and defaults filled in, and a newline. `undefined` where a
 * retrieval policy is given that the format does not know.
 */
export function settingsLine(experienceSlots: number, policy: unknown): string | undefined {
  const given = memberOf(policy);
  const weights = memberOf(given?.['scoreWeights']);
  const dominance = memberOf(given?.['antiDominanceNormalization']);
  if (!given || !weights || !dominance) return undefined;
  const retrievalPolicy = {
    kind: nameOf(given['kind'], 'competitive_scoring_v1'),
    minScore: given['minScore'] == null ? null : amountOf(given['minScore'], 0),
    scoreWeights: {
      gtScore: amountOf(weights['gtScore'], 1),
      relativeRank: amountOf(weights['relativeRank'], 1),
    },
    antiDominanceNormalization: {
      enabled: switchOf(dominance['enabled']),
      strength: amountOf(dominance['strength'], 0.5),
      sourceGrouping: nameOf(dominance['sourceGrouping'], 'provenance_fallback_v1'),
    },
  };
  return isComplete(retrievalPolicy)
    ? `${JSON.stringify({ experienceSlots, retrievalPolicy })}\n`
    : undefined;
}

type Members = Readonly<Record<string, unknown>>;

function memberOf(value: unknown): Members | undefined {
  if (value === undefined || value === null) return {};
  return isObject(value) ? value : undefined;
}

function nameOf(value: unknown, known: string): string | undefined {
  if (value === undefined || value === null || value === '' || value === known) return known;
  return typeof value === 'string' && value.trim() === '' ? known : undefined;
}

function amountOf(value: unknown, fallback: number): number | undefined {
  if (value === undefined) return fallback;
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function switchOf(value: unknown): boolean | undefined {
  if (value === undefined) return true;
  return typeof value === 'boolean' ? value : undefined;
}

/** Whether no member, of members too, is `undefined`. */
function isComplete(value: object): boolean {
  return Object.values(value).every((member: unknown) =>
    isObject(member) ? isComplete(member) : member !== undefined,
  );
}
