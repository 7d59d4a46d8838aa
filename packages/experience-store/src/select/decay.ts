import type { Experience } from '../record/record.js';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface DecayOptions {
  readonly nowMs: number;
  /** Days after which half is left; `Infinity` for no decay. @default 30 */
  readonly halfLifeDays?: number | undefined;
  /** What is left at least, 0 to 1. @default 0.25 */
  readonly floor?: number | undefined;
}

export const DEFAULT_HALF_LIFE_DAYS = 30;
export const DEFAULT_DECAY_FLOOR = 0.25;

/**
 * What age leaves of a record, from the floor to 1: max(floor, 2^(-age / half-life)). The floor keeps
 * old records apart from worthless ones. A pinned record does not decay. One from the future is new; one
 * without a readable date is as old as can be.
 */
export function decayOf(
  { createdAt, pinned }: Pick<Experience, 'createdAt' | 'pinned'>,
  options: DecayOptions,
): number {
  if (pinned) return 1;
  const { nowMs, halfLifeDays = DEFAULT_HALF_LIFE_DAYS, floor = DEFAULT_DECAY_FLOOR } = options;
  const createdMs = Date.parse(createdAt);
  if (Number.isNaN(createdMs)) return floor;
  const ageDays = Math.max(0, nowMs - createdMs) / DAY_MS;
  return Math.max(floor, 2 ** (-ageDays / halfLifeDays));
}
