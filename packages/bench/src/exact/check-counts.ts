/**
 * Why this is no measured counts, or undefined. Whatever a guard returns comes here first: a count that is
 * missing or no whole number would otherwise pass every comparison.
 */
export function wrongCounts(counts: unknown): string | undefined {
  if (typeof counts !== 'object' || counts === null || Array.isArray(counts)) {
    return 'the measurement gave no counts';
  }
  const entries = Object.entries(counts);
  if (entries.length === 0) return 'the measurement gave no counts';
  const wrong = entries.find(([, value]) => !Number.isSafeInteger(value) || (value as number) < 0);
  if (wrong === undefined) return undefined;
  return `the count \`${wrong[0]}\` is ${String(wrong[1])}, which is no whole number`;
}

/** `bytes` where the name of a count says so. */
export function unitOf(name: string): 'bytes' | 'count' {
  return /bytes/i.test(name) ? 'bytes' : 'count';
}
