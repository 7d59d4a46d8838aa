import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { createDatasets } from '../src/data/datasets.js';
import { historyChunks } from '../src/data/history-chunks.js';
import type { Dataset, Datasets } from '../src/guard/guard.js';

/** What a seed comes to. Other bytes need another version in the name of the data set. */
const expected: Readonly<Record<string, readonly [(data: Datasets) => Promise<Dataset>, string]>> =
  {
    'compact history': [
      (data) => data.history({ lines: 500, variant: 'compact' }),
      '1a741e62bea10860187757aa9fe0a5aef78c980fe69e59d1e27ab4d7d1348d77',
    ],
    'realistic history': [
      (data) => data.history({ lines: 200 }),
      '364850af3da0a42a6b3c494e7594dcfc0958cbe3000cf1203de031b06b4a1bf9',
    ],
    'hostile history': [
      (data) => data.history({ lines: 200, variant: 'hostile' }),
      'a7357d451a154da48255398d356a1467bf770012584f88f9345629a56224b3d6',
    ],
    'another seed': [
      (data) => data.history({ lines: 200, seed: 2 }),
      'b40a9a2ceec27e04487781be070c67231ed3cd653f7605b3d66051a161fcaee7',
    ],
    'compact experiences': [
      (data) => data.experiences({ lines: 500, variant: 'compact' }),
      '68e1dac2448cfe074b61b1fd383a7c4bc9f8c7b4ebfc3490355a63809a1a741e',
    ],
    'realistic experiences': [
      (data) => data.experiences({ lines: 300 }),
      '1d74524558564fd55b43a75f7db600b589103982493ad3a8b198e77e46517889',
    ],
    'hostile experiences': [
      (data) => data.experiences({ lines: 200, variant: 'hostile' }),
      '9898ed83f9d433611a11c734d221a40ddb04a8157f4ed254988dc8af3767d536',
    ],
    'few domains': [
      (data) => data.experiences({ lines: 300, domains: 2 }),
      'dcbe20d963d1fb246413432fea6254c73273ac9eff75ef1f99f52315e0a7929c',
    ],
    'compact output': [
      (data) => data.output({ bytes: 10_000, variant: 'compact' }),
      'b83dd98289e80d8d0430408e2c34c0659ae8f345427426d7421e36f22c919011',
    ],
    'realistic output': [
      (data) => data.output({ bytes: 100_000 }),
      '926f5f341eb430eb0ea9a5f17369568e227342ea8ff1d5045209c14d9a1c0fac',
    ],
    'hostile output': [
      (data) => data.output({ bytes: 100_000, variant: 'hostile' }),
      'd69e68988157833272305aaf21f453c800346e8a3640db6578e260215542e5d4',
    ],
    runs: [
      (data) => data.runs({ runs: 5 }),
      '6f22aa2584bee296c7b14bfe163de3471825187c4b99bc21e5b87ebd0d32423f',
    ],
    'long runs': [
      (data) => data.runs({ runs: 1, stages: 120 }),
      '62119c8d39d176d7c17c8100f318ad03acfcffd50a9f6c2bab5ec390c10c6b4f',
    ],
    stages: [
      (data) => data.stages({ stages: 50 }),
      '30d71e4d5edea56cf0f720161a667e2fe16e0c20a5ba5e950446a62aeb6cf561',
    ],
  };

test.each(Object.entries(expected))('the bytes of %s are those of its seed', async (_, row) => {
  await using rig = await createRig();
  const [make, digest] = row;
  const dataset = await make(createDatasets({ cacheDir: rig.path('data') }));
  expect(dataset.digest).toBe(digest);
});

test('a shorter history is the beginning of a longer one', () => {
  const bytes = (lines: number) => Buffer.concat([...historyChunks({ lines, kind: 'compact' })]);
  const short = bytes(40);
  expect(bytes(90).subarray(0, short.byteLength).equals(short)).toBe(true);
});

test('output has exactly as many bytes as were asked for, and its digest is that of the file', async () => {
  await using rig = await createRig();
  const data = createDatasets({ cacheDir: rig.path('data') });
  for (const variant of ['compact', 'realistic', 'hostile'] as const) {
    const { path, bytes, digest } = await data.output({ bytes: 1_234_567, variant });
    const file = readFileSync(path);
    expect([bytes, file.byteLength]).toEqual([1_234_567, 1_234_567]);
    expect(createHash('sha256').update(file).digest('hex')).toBe(digest);
  }
});

test('every line of a realistic log of experiences says something, and its notes name earlier records', async () => {
  await using rig = await createRig();
  const data = createDatasets({ cacheDir: rig.path('data') });
  const { path } = await data.experiences({ lines: 400 });
  const known = new Set<unknown>();
  let notes = 0;
  for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) {
    const value = JSON.parse(line) as { id: string; note?: string; used?: { id: string }[] };
    if (value.note === undefined) known.add(value.id);
    else {
      notes += 1;
      expect(known).toContain(value.used?.[0]?.id ?? value.id);
    }
  }
  expect(known.size + notes).toBe(400);
  expect(notes).toBeGreaterThan(20);
});

test('the journal of a sealed run is chained and its manifest names the last line', async () => {
  await using rig = await createRig();
  await createDatasets({ cacheDir: rig.path('data') }).runs({ runs: 1 });
  const path = (await rig.list()).find((name) => name.endsWith('manifest.json')) ?? '';
  const runFolder = rig.path(path, '..');
  let chain = '';
  for (const line of readFileSync(`${runFolder}/runner.ndjson`, 'utf8').trimEnd().split('\n')) {
    const [, body = '', stated] = /^(.*),"chain":"([0-9a-f]{64})"\}$/.exec(line) ?? [];
    chain = createHash('sha256').update(`${chain}${body}}`).digest('hex');
    expect(stated).toBe(chain);
  }
  const manifest = JSON.parse(readFileSync(`${runFolder}/manifest.json`, 'utf8')) as {
    journal: { head: string };
  };
  expect(manifest.journal.head).toBe(chain);
});
