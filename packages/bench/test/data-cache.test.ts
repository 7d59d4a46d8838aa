import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { createDatasets } from '../src/data/datasets.js';

test('a data set is made once and used again', async () => {
  await using rig = await createRig();
  const cacheDir = rig.path('data');
  const first = await createDatasets({ cacheDir }).history({ lines: 20 });
  const { ino } = statSync(first.path);
  expect(await createDatasets({ cacheDir }).history({ lines: 20 })).toEqual(first);
  expect(statSync(first.path).ino).toBe(ino);
});

test('a data set that was changed, cut or left without what is said of it is made anew', async () => {
  await using rig = await createRig();
  const cacheDir = rig.path('data');
  const { path, digest } = await createDatasets({ cacheDir }).history({ lines: 20 });
  const text = readFileSync(path, 'utf8');
  const metrics = path.slice(rig.root.length + 1);
  const sidecar = metrics.replace('metrics.json', 'dataset.json');
  for (const damage of [{ [metrics]: 'cut' }, { [sidecar]: '' }, { [sidecar]: '{}' }]) {
    await rig.write(damage);
    expect((await createDatasets({ cacheDir }).history({ lines: 20 })).digest).toBe(digest);
    expect(readFileSync(path, 'utf8')).toBe(text);
  }
  expect((await rig.list()).sort()).toEqual([sidecar, metrics].sort());
});

test('processes that ask for the same data set at once all get it whole', async () => {
  await using rig = await createRig();
  const cacheDir = rig.path('data');
  const fixture = new URL('./fixtures/make-dataset.ts', import.meta.url);
  await using program = await bundleChildProgram(fixture);
  const answers = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [program.path, cacheDir]);
      return stdout;
    }),
  );
  expect(new Set(answers).size).toBe(1);
  expect((await rig.list('data')).filter((name) => name.includes('draft'))).toEqual([]);
});

test('a size that is no whole number is refused', async () => {
  await using rig = await createRig();
  const data = createDatasets({ cacheDir: rig.path('data') });
  await expect(data.history({ lines: 0.5 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
});
