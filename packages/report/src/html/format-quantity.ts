/** What a number counts, and so how it is written. */
export type Unit = 'bytes' | 'count' | 'exponent' | 'ms' | 'ratio' | 'time';

/** A number for people, with its unit. `time` is milliseconds since 1970 and is shown as a date in UTC. */
export function formatQuantity(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return 'unknown';
  switch (unit) {
    case 'bytes':
      return formatBytes(value);
    case 'count':
      return formatCount(value);
    case 'exponent':
      return rounded(value, 3);
    case 'ms':
      return formatDuration(value);
    case 'ratio':
      return formatRatio(value);
    case 'time':
      return formatTime(value).slice(0, 10);
  }
}

/** `0.42 ms`, `12.3 s`, `4 min 05 s`, `2 h 03 min`. */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return 'unknown';
  if (durationMs < 0) return `−${formatDuration(-durationMs)}`;
  if (durationMs < 999.5) return `${rounded(durationMs, 3)} ms`;
  if (durationMs < 59_950) return `${rounded(durationMs / 1000, 3)} s`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 3600) return joined(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return joined(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** In steps of 1024: `812 B`, `1.5 KB`, `20 MB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return 'unknown';
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let step = 0;
  while (Math.abs(value) >= 1023.5 && step < units.length - 1) {
    value /= 1024;
    step += 1;
  }
  return `${step === 0 ? formatCount(value) : rounded(value, 3)} ${units[step] ?? ''}`;
}

/** `×1.03`; three figures more the closer it is to one. */
export function formatRatio(ratio: number): string {
  if (!Number.isFinite(ratio)) return 'unknown';
  const distance = Math.abs(ratio - 1);
  if (ratio >= 10 || ratio < 0.1) return `×${rounded(ratio, 2)}`;
  return `×${ratio.toFixed(distance > 0 && distance < 0.0095 ? 3 : 2)}`;
}

/** `12,345`; what is no whole number with three figures. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return 'unknown';
  const text = Number.isInteger(count) ? count.toFixed(0) : rounded(count, 3);
  return text.replace('-', '−').replace(/\B(?=(?:\d{3})+(?!\d))(?<!\.\d*)/g, ',');
}

/** An instant as `2026-03-01 12:00:05 UTC`. */
export function formatTime(time: number | string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return 'unknown';
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** With so many figures, without an exponent and without zeros at the end. */
export function rounded(value: number, figures: number): string {
  if (value === 0) return '0';
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  const decimals = Math.min(12, Math.max(0, figures - 1 - exponent));
  const text = value.toFixed(decimals);
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return short.replace('-', '−');
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return `${large} ${largeUnit} ${String(small).padStart(2, '0')} ${smallUnit}`;
}
