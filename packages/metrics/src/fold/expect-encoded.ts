/** The members of an encoded state. @throws TypeError when it is no array of that length. */
export function expectArray(value: unknown, length?: number): readonly unknown[] {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length)) {
    throw new TypeError('Expected an array of another length in an encoded state');
  }
  return value;
}

/** @throws TypeError when it is no whole number. */
export function expectInteger(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw new TypeError('Expected a count in an encoded state');
  return value as number;
}

/** @throws TypeError when it is no string. */
export function expectString(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('Expected a text in an encoded state');
  return value;
}
