import type { Stats } from 'node:fs';

/**
 * How long an append may take until it looks whether its file is still part of the history.
 *
 * Who opened the live segment right before a rotation writes into a closed one. That is in order as long
 * as closed segments are left alone for longer than such an append takes; so a segment is replaced only
 * after `SETTLED_AFTER_MS`, and nearly every append is spared the look.
 */
export const UNNOTICED_PAUSE_MS = 30_000;

/** How long a segment must have been closed and unchanged before anything else takes its place. */
export const SETTLED_AFTER_MS = 60_000;

/** A rename does not count as a modification, but it is a change of the inode. */
export function isSettled(stats: Stats, nowMs: number): boolean {
  return nowMs - Math.max(stats.mtimeMs, stats.ctimeMs) >= SETTLED_AFTER_MS;
}
