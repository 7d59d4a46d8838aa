import { formatDuration } from './duration.js';

/** What stands where there is no number. */
const none = '-';

/** `0.4ms`, `412ms`, `1.25s`, `12.3s`, `4m 05s`: exact enough to see what has become slower. */
export function formatSeconds(seconds: number | null): string {
  if (seconds === null) return none;
  const milliseconds = seconds * 1000;
  if (milliseconds > 0 && milliseconds < 10) return `${milliseconds.toFixed(1)}ms`;
  if (milliseconds < 999.5) return `${String(Math.round(milliseconds))}ms`;
  return seconds < 9.995 ? `${seconds.toFixed(2)}s` : formatDuration(milliseconds);
}

/** `96.3%`; never `100.0%` of what is not all, nor `0.0%` of what is something. */
export function formatShare(share: number | null): string {
  if (share === null) return none;
  const percent = share * 100;
  const shown = Math.round(percent * 10) / 10;
  if (shown === 100 && share < 1) return '99.9%';
  if (shown === 0 && share > 0) return '<0.1%';
  return `${shown.toFixed(1)}%`;
}

/** `1,234,567`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 line`, `2 lines`, `1,234 lines`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}
