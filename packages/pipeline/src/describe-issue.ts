import type * as z from 'zod/mini';

import { memberPath } from './json-text.js';
import type { Problem } from './problem.js';

type Issue = z.core.$ZodIssue;
type Key = PropertyKey;

/**
 * Says in this package's words what zod found, with paths from the root of the file. Of a union the
 * branch that got furthest speaks: it is the one that the writer meant.
 */
export function describeIssue(issue: Issue, path: string, value: unknown): Problem[] {
  return resolveUnions(issue, []).map((finding) => describeFinding(finding, path, value));
}

/** What is wrong at one place; several issues where several branches would have taken the value. */
interface Finding {
  readonly steps: readonly Key[];
  readonly issues: readonly Issue[];
}

function resolveUnions(issue: Issue, above: readonly Key[]): Finding[] {
  const steps = [...above, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) {
    return [{ steps, issues: [issue] }];
  }
  const branches = issue.errors.map((errors) =>
    errors.flatMap((error) => resolveUnions(error, steps)),
  );
  const depth = Math.max(...branches.map(depthOf));
  const deepest = branches.filter((branch) => depthOf(branch) === depth);
  if (deepest.length === 1 && deepest[0]) return deepest[0];
  return [{ steps, issues: deepest.flatMap((branch) => branch.flatMap(({ issues }) => issues)) }];
}

function depthOf(findings: readonly Finding[]): number {
  return Math.max(...findings.map(({ steps }) => steps.length));
}

function describeFinding({ steps, issues }: Finding, path: string, value: unknown): Problem {
  const where = steps.map(toKey).reduce<string>(memberPath, path);
  const expected = [...new Set(issues.map(describeExpectation))].join(' or ');
  const subject = valueAt(value, steps);
  if (subject !== undefined) {
    const message = `expected ${expected}, got ${describeValue(subject)}`;
    return { code: 'INVALID_VALUE', path: where, message };
  }
  const key = toKey(steps.at(-1) ?? '');
  const fix = typeof key === 'number' ? `add ${expected}` : `add "${key}": ${expected}`;
  return { code: 'INVALID_VALUE', path: where, message: 'is missing', fix };
}

function toKey(step: Key): number | string {
  return typeof step === 'number' ? step : String(step);
}

function describeExpectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return nameType(issue.expected);
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' or ');
    case 'invalid_union':
      return discriminators(issue) ?? 'another value';
    case 'too_small':
      return issue.origin === 'string'
        ? 'a text that is not empty'
        : describeBound(
            issue.origin,
            issue.inclusive === false ? 'more than' : 'at least',
            issue.minimum,
          );
    case 'too_big':
      return describeBound(issue.origin, 'at most', issue.maximum);
    case 'invalid_format':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return issue.message;
  }
}

function discriminators(issue: Extract<Issue, { code: 'invalid_union' }>): string | undefined {
  const options: unknown = (issue as { readonly options?: unknown }).options;
  if (!Array.isArray(options)) return undefined;
  return options.map((option) => JSON.stringify(option)).join(' or ');
}

function describeBound(origin: string, word: string, bound: number | bigint): string {
  if (origin === 'string') return `a text of ${word} ${bound} characters`;
  if (origin === 'array') return `a list of ${word} ${bound}`;
  return `a number of ${word} ${bound}`;
}

function nameType(expected: string): string {
  const names: Readonly<Partial<Record<string, string>>> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    tuple: 'a list',
    object: 'an object',
    record: 'an object',
  };
  return names[expected] ?? expected;
}

function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (value === '') return 'an empty text';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'an object';
  const shown = JSON.stringify(value);
  return shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
}

function valueAt(value: unknown, steps: readonly Key[]): unknown {
  let current = value;
  for (const step of steps) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Readonly<Record<Key, unknown>>)[step];
  }
  return current;
}
