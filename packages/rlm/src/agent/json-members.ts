/** The members of a JSON object, none of them trusted to be there or to be what it should be. */
export type Members = Readonly<Record<string, unknown>>;

/** The object that a line is; undefined for a line that is none. */
export function parseObject(line: string): Members | undefined {
  const text = line.trim();
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  try {
    return membersOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Those of an object; none of anything else. */
export function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

/** The objects of a list; none of anything else. */
export function listOf(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.map(membersOf) : [];
}

/** A text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** More than anybody uses, and still exact when thousands of them are added up. */
const maxAmount = 1_000_000_000_000;

/** A whole number that counts something; 0 for anything else. */
export function countOf(value: unknown): number {
  return Math.floor(amountOf(value));
}

/** A number of something that has parts; 0 for anything else. */
export function amountOf(value: unknown): number {
  const isAmount = typeof value === 'number' && Number.isFinite(value) && value >= 0;
  return isAmount ? Math.min(value, maxAmount) : 0;
}
