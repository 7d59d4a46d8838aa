import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import type { Guard } from '../src/guard/guard.js';
import { loadGuard } from '../src/guard/load-guard.js';
import type { Defect } from '../src/self-test/defect.js';
import { knownDefects } from '../src/self-test/known-defects.js';

function guardOf({ project, guard }: Defect): Promise<Guard> {
  const url = new URL(`../../${project}/bench/${guard}.bench.mjs`, import.meta.url);
  return loadGuard(fileURLToPath(url));
}

function measures(guard: Guard, name: string): boolean {
  if (guard.kind === 'exact') return Object.hasOwn(guard.budget, name);
  if (guard.kind === 'growth') return name.startsWith('exponent of ') && guard.cost === 'counts';
  return guard.kind === 'memory' && name === 'peak per input byte';
}

test.each(knownDefects.map((defect) => [defect.name, defect] as const))(
  'there is a guard that counts what comes of %s',
  async (_name, defect) => {
    expect(measures(await guardOf(defect), defect.measure)).toBe(true);
  },
);

test('the known defects are of each kind that needs no base to be found', async () => {
  const guards = await Promise.all(knownDefects.map(guardOf));
  expect(new Set(guards.map(({ kind }) => kind))).toEqual(new Set(['exact', 'growth', 'memory']));
});
