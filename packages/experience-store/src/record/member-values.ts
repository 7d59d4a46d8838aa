/** The members of a parsed JSON object, of which nothing is known yet. */
export type Members = Readonly<Record<string, unknown>>;

const NONE: Members = Object.freeze({});

/** Whether a value is an object with named members, and no array. */
export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(value: unknown): Members | undefined {
  return isObject(value) ? value : undefined;
}

/** The members of an object; none of anything else. */
export function membersOf(value: unknown): Members {
  return isObject(value) ? value : NONE;
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Anything but a finite number counts as 0. */
export function finiteOf(value: unknown): number {
  return Number.isFinite(value) ? (value as number) : 0;
}

/** Anything but a whole number that is not negative counts as 0. */
export function countOf(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : 0;
}

/** 64 hex digits in either case, or null. */
export function digestOf(value: unknown): string | null {
  return typeof value === 'string' && isDigest(value) ? value : null;
}

export function isDigest(text: string): boolean {
  return text.length === 64 && DIGEST.test(text);
}

const DIGEST = /^[0-9a-f]{64}$/i;
