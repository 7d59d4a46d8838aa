import { dayOf, parseDay } from '../calendar/calendar-day.js';

/** What a spec says of its last review. */
export type LastReview =
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid'; readonly text: string; readonly line: number }
  /** @param ageDays Days in UTC since then; below zero for one that is still to come. */
  | {
      readonly kind: 'date';
      readonly text: string;
      readonly line: number;
      readonly ageDays: number;
    };

/** Reads the first line `last_review: YYYY-MM-DD` of a spec, quotes around the date allowed. */
export function readLastReview(spec: string, nowMs: number): LastReview {
  const lines = spec.split(/\r\n?|\n/);
  const at = lines.findIndex((line) => field.test(line));
  const [, value = ''] = field.exec(lines[at] ?? '') ?? [];
  if (at === -1) return { kind: 'missing' };
  const line = at + 1;
  const text = value.trim().replace(/^(["'])(.*)\1$/, '$2');
  const day = parseDay(text);
  if (day === null) return { kind: 'invalid', text, line };
  return { kind: 'date', text, line, ageDays: dayOf(nowMs) - day };
}

const field = /^\s*last_review:(.*)$/;
