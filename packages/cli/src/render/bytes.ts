/** `812 B`, `3.4 kB`, `12.0 MB`: in steps of a thousand, as disks are sold. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** step;
  return `${step === 0 ? String(bytes) : value.toFixed(1)} ${units[step] ?? ''}`;
}
