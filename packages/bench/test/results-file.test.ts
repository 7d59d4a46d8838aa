import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { exitCodeOf } from '../src/results/exit-code.js';
import { watchMachine } from '../src/results/machine.js';
import type { BenchResults, GuardVerdict } from '../src/results/result.js';
import { readResults, writeResults } from '../src/results/results-file.js';

const measure = {
  name: 'ratio',
  unit: 'ratio',
  value: 1,
  lower: 0.9,
  upper: 1.1,
  base: 1,
  limit: 1.03,
};

/** With every member that results can have. */
const complete: BenchResults = {
  ...{ schema: 'bench/v1', part: 'time', project: 'core', startedAt: '2026-01-02T03:04:05.678Z' },
  ...{ durationMs: 12.5, seed: 7, notes: ['A note.'] },
  candidate: { commit: null, dirty: true, buildHash: 'ab' },
  base: { commit: 'cd', dirty: false, buildHash: null },
  machine: {
    ...{ cpuModel: 'x', cpus: 2, memoryMb: 8000, os: 'Linux', arch: 'x64', node: 'v20', v8: '11' },
    ...{ load: [0.5, 1.5], steal: null },
  },
  controls: [
    { name: 'null copy', guard: 'core/a', passed: true, reason: 'r', measures: [measure] },
  ],
  guards: [
    {
      ...{ guard: 'core/a', kind: 'time', promise: 'p', verdict: 'unchanged', reason: 'r' },
      measures: [measure],
      samples: [{ process: 0, round: 1, calls: [{ side: 'slowed', cpuMs: 1, wallMs: 2 }] }],
      sizes: [{ size: 10, costs: { reads: 1 }, rounds: { reads: [1, 2] } }],
      smallestVisible: 1.06,
    },
  ],
};

test('results come back as they were written, sorted by project and part', async () => {
  await using rig = await createRig();
  const exact: BenchResults = { ...complete, part: 'exact', base: null };
  const other: BenchResults = { ...complete, project: 'cli' };
  for (const results of [complete, other, exact]) await writeResults(rig.root, results);
  expect(await readResults(rig.root)).toEqual([other, exact, complete]);
  expect(await readResults(rig.root, ['core'])).toEqual([exact, complete]);
});

test.each([
  ['cut short', '{"schema":"bench/v1"'],
  ['empty', ''],
  ['of another format', { ...complete, schema: 'bench/v2' }],
  ['with a member that is not known', { ...complete, extra: 1 }],
  ['without its guards', { ...complete, guards: undefined }],
  ['with a verdict that is not known', { ...complete, guards: [{ verdict: 'fine' }] }],
])('results that are %s are refused by the name of their file', async (_what, content) => {
  await using rig = await createRig();
  await rig.write({ 'packages/core/.bench/time.json': content });
  await expect(readResults(rig.root)).rejects.toMatchObject({
    code: 'RESULT_UNREADABLE',
    path: rig.path('packages/core/.bench/time.json'),
  });
});

test('results that are missing are a defect, not a pass', async () => {
  await using rig = await createRig();
  await rig.write({ 'packages/core/package.json': {} });
  await expect(readResults(rig.root)).rejects.toMatchObject({ code: 'RESULT_MISSING' });
  await writeResults(rig.root, complete);
  const both = readResults(rig.root, ['core', 'cli']);
  await expect(both).rejects.toMatchObject({ code: 'RESULT_MISSING' });
});

test('a number that JSON does not have is not written', async () => {
  await using rig = await createRig();
  const writing = writeResults(rig.root, { ...complete, durationMs: Number.NaN });
  await expect(writing).rejects.toMatchObject({ code: 'RESULT_UNREADABLE' });
  await expect(readResults(rig.root, ['core'])).rejects.toMatchObject({ code: 'RESULT_MISSING' });
});

test('the facts of this machine can be written as results', async () => {
  await using rig = await createRig();
  const machine = await (await watchMachine())();
  await writeResults(rig.root, { ...complete, machine });
  expect((await readResults(rig.root))[0]?.machine).toEqual(machine);
});

test.each<[readonly GuardVerdict[], boolean, number]>([
  [['held', 'improved', 'unchanged', 'identical', 'new'], true, 0],
  [['held', 'undecided'], false, 0],
  [['held', 'undecided'], true, 3],
  [['undecided', 'regressed'], true, 1],
  [['regressed', 'failed'], false, 2],
  [[], false, 2],
])('the exit code for %j, strict %s, is %d', (verdicts, strict, exitCode) => {
  expect(
    exitCodeOf(
      verdicts.map((verdict) => ({ verdict })),
      { strict },
    ),
  ).toBe(exitCode);
});
