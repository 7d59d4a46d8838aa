import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { findGuards, guardName } from '../src/guard/find-guards.js';
import { loadGuard } from '../src/guard/load-guard.js';

const call = '() => 1';
const exact = { kind: "'exact'", promise: "'It holds'", budget: '{ writes: 1 }', measure: call };
const growth = {
  ...{ kind: "'growth'", promise: "'It holds'", cost: "'cpu'", sizes: '[1, 5, 10]' },
  ...{ exponent: '1', prepare: call, measure: call },
};
const memory = {
  ...{ kind: "'memory'", promise: "'It holds'", inputBytes: '[1000000, 50000000]' },
  ...{ slope: '0.3', prepare: call, consume: call },
};
const time = { kind: "'time'", promise: "'It is fast'", prepare: call, run: call };

function text(members: Readonly<Record<string, string>>): string {
  const written = Object.entries(members).map(([name, value]) => `${name}: ${value}`);
  return `export const guard = { ${written.join(', ')} };`;
}

test.each([exact, growth, memory, time])(
  'a guard with all that it needs is loaded',
  async (guard) => {
    await using rig = await createRig();
    await rig.write({ 'a.bench.mjs': text(guard) });
    expect(await loadGuard(rig.path('a.bench.mjs'))).toMatchObject({
      kind: guard.kind.slice(1, -1),
    });
  },
);

test.each([
  ['guard.kind', { ...exact, kind: "'other'" }],
  ['guard.promise', { ...exact, promise: "' '" }],
  ['guard.budget', { ...exact, budget: '{}' }],
  ['guard.budget.writes', { ...exact, budget: '{ writes: -1 }' }],
  ['guard.budget.writes', { ...exact, budget: '{ writes: 0.5 }' }],
  ['guard.measure', { ...exact, measure: "'later'" }],
  ['guard.cost', { ...growth, cost: "'wall'" }],
  ['guard.sizes', { ...growth, sizes: '[1, 10]' }],
  ['guard.sizes', { ...growth, sizes: '[1, 2, 9]' }],
  ['guard.sizes', { ...growth, sizes: '[1, 10, 5]' }],
  ['guard.exponent', { ...growth, exponent: 'NaN' }],
  ['guard.inputBytes', { ...memory, inputBytes: '[1000000, 49000000]' }],
  ['guard.inputBytes', { ...memory, inputBytes: '[50000000]' }],
  ['guard.slope', { ...memory, slope: 'undefined' }],
  ['guard.sample', { ...time, sample: "'block'" }],
  ['guard', { ...time, warmUp: '1' }],
])('a guard with a wrong `%s` is refused by that name', async (member, guard) => {
  await using rig = await createRig();
  await rig.write({ 'a.bench.mjs': text(guard) });
  const loading = loadGuard(rig.path('a.bench.mjs'));
  await expect(loading).rejects.toMatchObject({
    code: 'GUARD_INVALID',
    path: rig.path('a.bench.mjs'),
    message: expect.stringContaining(`\`${member}\``) as string,
  });
});

test('guards are found by their names, in order, and other files are not', async () => {
  await using rig = await createRig();
  await rig.write({
    'bench/b.bench.mjs': '',
    'bench/a.bench.mjs': '',
    'bench/help.mjs': '',
    'bench/a.bench.ts': '',
  });
  const found = await findGuards(rig.root);
  expect(found).toEqual([rig.path('bench', 'a.bench.mjs'), rig.path('bench', 'b.bench.mjs')]);
  expect(found.map(guardName)).toEqual(['a', 'b']);
  expect(await findGuards(rig.path('elsewhere'))).toEqual([]);
});
