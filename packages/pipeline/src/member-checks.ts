import { isRecord } from './is-record.js';
import { maxDelayMs } from './schema-parts.js';

/** Whether a value is certainly right. */
export type Check = (value: unknown) => boolean;

/** The members of an object; any other is one too many. */
export interface Members {
  readonly required: Readonly<Record<string, Check>>;
  readonly optional: Readonly<Record<string, Check>>;
}

export const isString: Check = (value) => typeof value === 'string';
export const isText: Check = (value) => typeof value === 'string' && value !== '';
export const isBoolean: Check = (value) => typeof value === 'boolean';
export const isStringList = listOf(isString);
export const isTextList = listOf(isText);
export const isDelayMs = isWholeNumber(1, maxDelayMs);

export function hasMembers(value: unknown, { required, optional }: Members): boolean {
  if (!isRecord(value)) return false;
  for (const name in required) if (!Object.hasOwn(value, name)) return false;
  return Object.keys(value).every((name) => {
    const check = memberOf(required, name) ?? memberOf(optional, name);
    return check?.(value[name]) ?? false;
  });
}

/** An object of these members, all of which may be absent. */
export function isMade(optional: Readonly<Record<string, Check>>): Check {
  return (value) => hasMembers(value, { required: {}, optional });
}

export function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

export function isOneOf(names: readonly string[]): Check {
  return (value) => names.some((name) => name === value);
}

export function isWholeNumber(minimum: number, maximum: number): Check {
  return (value) =>
    Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
}

export function isEnvironment(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every(isString);
}

function memberOf(checks: Readonly<Record<string, Check>>, name: string): Check | undefined {
  return Object.hasOwn(checks, name) ? checks[name] : undefined;
}
