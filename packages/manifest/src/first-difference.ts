import { pathText } from './describe-issue.js';

/** Two JSON values at the first place where they differ. */
export interface Difference {
  /** Such as `commands[2].exit_code`. */
  readonly field: string;
  /** Undefined where there is none. */
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Where two JSON values differ first; undefined where they are equal. The order of members counts for nothing. */
export function firstDifference(
  expected: unknown,
  actual: unknown,
  path: readonly PropertyKey[] = [],
): Difference | undefined {
  if (
    !isContainer(expected) ||
    !isContainer(actual) ||
    Array.isArray(expected) !== Array.isArray(actual)
  ) {
    return expected === actual ? undefined : { field: pathText(path), expected, actual };
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const step = Array.isArray(expected) ? Number(key) : key;
    const found = firstDifference(expected[key], actual[key], [...path, step]);
    if (found) return found;
  }
  return undefined;
}

type Container = Readonly<Record<string, unknown>>;

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}
