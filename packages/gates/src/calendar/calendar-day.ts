const dayMs = 24 * 60 * 60 * 1000;

/** Days since the epoch of a date `YYYY-MM-DD`; null where it is none or not in the calendar. */
export function parseDay(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const ms = Date.parse(`${text}T00:00:00Z`);
  // The 31st of February is taken for a day of March; what is no date at all has no day either.
  return new Date(ms).getUTCDate() === Number(text.slice(8)) ? ms / dayMs : null;
}

/** Days since the epoch, UTC, of a time in milliseconds since the epoch. */
export function dayOf(ms: number): number {
  return Math.floor(ms / dayMs);
}

export function formatDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}
