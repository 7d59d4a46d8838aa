/** An object as JSON has it: no array, not null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member itself, never one that the object inherits. */
export function memberOf(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A string that is more than white space. */
export function isText(value: unknown): value is string {
  if (typeof value !== 'string' || value === '') return false;
  const first = value.charCodeAt(0);
  return (first > SPACE && first < DELETE) || value.trim() !== '';
}

/** Numbers alone: a string of digits is none. */
export function finiteOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function stringOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function hasMembers(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

const SPACE = 0x20;
const DELETE = 0x7f;
