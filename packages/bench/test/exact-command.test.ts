import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { run } from '../src/commands/exact.js';
import type { ExactOptions } from '../src/commands/exact.js';
import { readResults } from '../src/results/results-file.js';
import { runBench } from '../src/run-bench.js';
import { bundleChild } from './exact-child.js';
import type { BundledChild } from './exact-child.js';

let child: BundledChild;
beforeAll(async () => {
  child = await bundleChild();
});
afterAll(() => child[Symbol.asyncDispose]());

function guard(writes: number): string {
  return `export const guard = {
    kind: 'exact', promise: 'It writes once', budget: { writes: 1 },
    measure: async ({ load }) => ({ writes: ${writes} * (await load('sample')).one }),
  };`;
}

async function writeProject(rig: Rig, guards: Readonly<Record<string, string>>): Promise<void> {
  const named = Object.entries(guards).map(([name, text]) => [
    `packages/sample/bench/${name}.bench.mjs`,
    text,
  ]);
  await rig.write({
    'packages/sample/package.json': {
      ...{ name: 'sample', type: 'module', exports: { '.': { default: './dist/index.js' } } },
    },
    'packages/sample/dist/index.js': 'export const one = 1;',
    ...(Object.fromEntries(named) as Record<string, string>),
  });
}

async function check(rig: Rig, options: ExactOptions = {}) {
  const said = { stdout: '', stderr: '' };
  const exitCode = await run({
    ...{ root: rig.root, project: 'sample', childProgram: child.path },
    output: {
      stdout: (text) => (said.stdout += text),
      stderr: (text) => (said.stderr += text),
    },
    ...options,
  });
  return { exitCode, ...said };
}

test('a project is checked guard by guard, and the result says so', async () => {
  await using rig = await createRig();
  await writeProject(rig, { fine: guard(1), 'too-many': guard(2) });
  const { exitCode, stdout, stderr } = await check(rig);
  expect(exitCode).toBe(1);
  expect(stderr).toBe('held  sample/fine\nregressed  sample/too-many\n');
  expect(stdout).toContain('regressed  sample/too-many  writes is 2, the budget is 1');
  const [results] = await readResults(rig.root);
  expect(results).toMatchObject({
    part: 'exact',
    candidate: { commit: null, buildHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    guards: [{ verdict: 'held' }, { verdict: 'regressed' }],
  });
});

test('one guard alone leaves no result that would pass for the whole', async () => {
  await using rig = await createRig();
  await writeProject(rig, { fine: guard(1), 'too-many': guard(2) });
  expect((await check(rig, { guard: 'fine' })).exitCode).toBe(0);
  await expect(readResults(rig.root)).rejects.toMatchObject({ code: 'RESULT_MISSING' });
});

test('another build can be checked in place of the one of the workspace', async () => {
  await using rig = await createRig();
  await writeProject(rig, { fine: guard(1) });
  await rig.write({
    'other/node_modules/sample/package.json': (await rig.readJson(
      'packages/sample/package.json',
    )) as object,
    'other/node_modules/sample/dist/index.js': 'export const one = 3;',
  });
  const { stdout } = await check(rig, { from: rig.path('other') });
  expect(stdout).toContain('writes is 3, the budget is 1');
});

test('a project of guards of time has nothing to check here', async () => {
  await using rig = await createRig();
  const time = `export const guard = {
    kind: 'time', promise: 'It is fast', prepare: () => 1, run: () => 1 };`;
  await writeProject(rig, { fast: time });
  const { exitCode, stderr } = await check(rig);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('guards of time only');
});

test('a project without guards, without a build or without itself is a defect', async () => {
  await using rig = await createRig();
  await writeProject(rig, {});
  await expect(check(rig)).rejects.toMatchObject({ code: 'NO_GUARDS' });
  await expect(check(rig, { project: 'none' })).rejects.toMatchObject({
    code: 'PROJECT_NOT_FOUND',
  });
  await writeProject(rig, { fine: guard(1) });
  await expect(check(rig, { guard: 'none' })).rejects.toMatchObject({ code: 'NO_GUARDS' });
  await rig.write({
    'packages/sample/package.json': { name: 'sample', dependencies: { gone: '1' } },
  });
  await expect(check(rig)).rejects.toMatchObject({ code: 'BUILD_MISSING' });
});

test.each([
  [['exact'], '--project'],
  [['exact', '--project', 'core', '--wrong'], 'wrong'],
  [['exact', '--project'], 'project'],
  [['unknown'], '"unknown"'],
  [[], 'got none'],
])('the arguments %j are refused with exit code 2', async (argv, message) => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await runBench(argv)).toBe(2);
  expect(stderr.mock.calls.join('')).toContain(message);
});
