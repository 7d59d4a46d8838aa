import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { benchTargets } from '../src/bench-targets.mjs';
import { createNodes } from '../src/plugin.mjs';

const [, findTargets] = createNodes;

test('a package with guards gets its targets once, under the name that Nx knows it by', async () => {
  await using rig = await createRig();
  await rig.write({
    'packages/one/package.json': '{"name":"@scope/one","nx":{"name":"one"}}',
    'packages/two/package.json': '{"name":"two"}',
  });
  const found = await findTargets(
    [
      'packages/one/bench/first.bench.mjs',
      'packages/one/bench/second.bench.mjs',
      'packages/two/bench/only.bench.mjs',
    ],
    undefined,
    { workspaceRoot: rig.path('.'), nxJsonConfiguration: {} },
  );
  expect(found.map(([file]) => file)).toEqual([
    'packages/one/bench/first.bench.mjs',
    'packages/two/bench/only.bench.mjs',
  ]);
  expect(found.map(([, { projects }]) => projects)).toEqual([
    { 'packages/one': { root: 'packages/one', targets: benchTargets('one') } },
    { 'packages/two': { root: 'packages/two', targets: benchTargets('two') } },
  ]);
});

test('times are never replayed from a cache, and nothing runs beside them', () => {
  const { bench, 'bench-exact': exact, 'bench-time': time } = benchTargets('one');
  expect(time).toMatchObject({ cache: false, parallelism: false });
  expect(exact).toMatchObject({ cache: true, outputs: ['{projectRoot}/.bench/exact.json'] });
  expect(bench).toMatchObject({ cache: false, dependsOn: ['bench-exact', 'bench-time'] });
});

test('counts come before times, and both after what they are taken from is built', () => {
  const { 'bench-exact': exact, 'bench-time': time } = benchTargets('one');
  const builds = ['build', { projects: ['bench'], target: 'build' }];
  expect(exact?.dependsOn).toEqual(builds);
  expect(time?.dependsOn).toEqual([...builds, 'bench-exact']);
});
