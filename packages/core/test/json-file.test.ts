import { spawnSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';

import { createRig, faultyFileSystem, singleFaults } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { nodeFileSystem, readJson, visitLines } from '../src/index.js';

test('a JSON file is read, a byte order mark too', async () => {
  await using rig = await createRig();
  await rig.write({ 'a.json': '\uFEFF{"a": "ü"}\n' });
  expect(await readJson(rig.path('a.json'))).toEqual({ a: 'ü' });
});

test.each([
  ['nothing', ''],
  ['half a value', '{"a": 1'],
  ['two values', '{}\n{}'],
])('%s in a file is INVALID_JSON with its path', async (_name, content) => {
  await using rig = await createRig();
  await rig.write({ 'a.json': content });
  await expect(readJson(rig.path('a.json'))).rejects.toMatchObject({
    code: 'INVALID_JSON',
    path: rig.path('a.json'),
  });
});

test('a missing file is READ_FAILED with the reason of the system', async () => {
  await using rig = await createRig();
  await expect(readJson(rig.path('no.json'))).rejects.toMatchObject({
    code: 'READ_FAILED',
    errno: 'ENOENT',
    path: rig.path('no.json'),
  });
});

test('a file above the limit is not read', async () => {
  await using rig = await createRig();
  await rig.write({ 'a.json': '[1,2]' });
  expect(await readJson(rig.path('a.json'), { maxBytes: 5 })).toEqual([1, 2]);
  await expect(readJson(rig.path('a.json'), { maxBytes: 4 })).rejects.toMatchObject({
    code: 'READ_FAILED',
  });
});

test('any single fault gives the whole value or a typed error', async () => {
  await using rig = await createRig();
  const value = { a: 'x'.repeat(1000) };
  await rig.write({ 'a.json': value });
  const clean = faultyFileSystem(nodeFileSystem, () => undefined);
  await readJson(rig.path('a.json'), { fs: clean.fs });
  for (const fault of singleFaults(clean.calls)) {
    const faulty = faultyFileSystem(nodeFileSystem, (call) => fault.plan(call));
    const outcome = await readJson(rig.path('a.json'), { fs: faulty.fs }).catch(
      (error: unknown) => (error as { code: unknown }).code,
    );
    // A read of nothing is the end of the file: what came before it is no whole value.
    const expected = fault.fault.kind === 'error' ? ['READ_FAILED'] : [value, 'INVALID_JSON'];
    expect(expected, fault.title).toContainEqual(outcome);
    expect(faulty.unclosed().length, fault.title).toBe(0);
  }
});

test.skipIf(process.platform === 'win32')(
  'a pipe or a device in the place of a file keeps nobody waiting (needs mkfifo)',
  async () => {
    await using rig = await createRig();
    const pipe = rig.path('pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    await symlink('/dev/zero', rig.path('zero'));
    for (const path of [pipe, rig.path('zero')]) {
      const refused = {
        code: 'READ_FAILED',
        message: expect.stringContaining('not a file') as string,
      };
      await expect(readJson(path)).rejects.toMatchObject(refused);
      await expect(visitLines(path, () => undefined)).rejects.toMatchObject(refused);
    }
  },
);
