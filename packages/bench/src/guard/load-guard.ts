import { pathToFileURL } from 'node:url';

import * as z from 'zod/mini';

import { BenchError, messageOf } from '../errors.js';
import type { Guard } from './guard.js';

/**
 * The guard that a file exports, checked.
 *
 * @throws BenchError `GUARD_INVALID`, with the member that is wrong
 */
export async function loadGuard(path: string): Promise<Guard> {
  const { guard } = await importGuard(path);
  const checked = guardSchema().safeParse(guard);
  if (checked.success) return guard as Guard;
  const [issue] = checked.error.issues;
  const member = ['guard', ...(issue?.path ?? [])].join('.');
  throw new BenchError(
    'GUARD_INVALID',
    `Expected the guard in "${path}" to be valid, got a wrong \`${member}\`: ${issue?.message ?? ''}`,
    { path, cause: checked.error },
  );
}

async function importGuard(path: string): Promise<{ readonly guard?: unknown }> {
  try {
    return (await import(pathToFileURL(path).href)) as { readonly guard?: unknown };
  } catch (cause) {
    throw new BenchError(
      'GUARD_INVALID',
      `Loading the guard in "${path}" failed: ${messageOf(cause)}`,
      { path, cause },
    );
  }
}

/** The largest input of a memory guard must tower above what a process needs anyway. */
const leastLargestInput = 50_000_000;

/** Shapes only; what functions take and give is `Guard`'s to say. */
function guardSchema() {
  const promise = z.string().check(z.trim(), z.minLength(1));
  const call = z.custom<() => unknown>((value) => typeof value === 'function', 'not a function');
  const count = z.int().check(z.gte(0));
  const size = z.int().check(z.gte(1));
  const sizes = (least: number, factor: number) =>
    z.array(size).check(
      z.minLength(least),
      z.refine(isAscending, 'not ascending'),
      z.refine((values) => spans(values, factor), `spans less than a factor of ${factor}`),
    );
  return z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('exact'),
      promise,
      budget: z
        .record(z.string(), count)
        .check(z.refine((budget) => Object.keys(budget).length > 0, 'names no count')),
      measure: call,
    }),
    z.strictObject({
      kind: z.literal('growth'),
      promise,
      cost: z.enum(['counts', 'cpu']),
      sizes: sizes(3, 10),
      exponent: z.number().check(z.gte(0)),
      prepare: call,
      measure: call,
    }),
    z.strictObject({
      kind: z.literal('memory'),
      promise,
      inputBytes: sizes(2, 3).check(
        z.refine(
          (values) => (values.at(-1) ?? 0) >= leastLargestInput,
          `ends below ${leastLargestInput} bytes`,
        ),
      ),
      slope: z.number().check(z.gte(0)),
      prepare: call,
      consume: call,
    }),
    z.strictObject({
      kind: z.literal('time'),
      promise,
      sample: z.optional(z.enum(['call', 'process'])),
      prepare: call,
      run: call,
    }),
  ]);
}

function isAscending(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value > (values[index - 1] ?? value));
}

function spans(values: readonly number[], factor: number): boolean {
  return (values.at(-1) ?? 0) >= (values[0] ?? 0) * factor;
}
