import { existsSync, readFileSync } from 'node:fs';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { createManualClock, faultyFileSystem, singleFaults } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { docsFreshness } from '../../src/docs-freshness/docs-freshness.js';
import type { GateError } from '../../src/errors.js';
import type { GatePorts } from '../../src/gate/gate-ports.js';
import type { GateResult } from '../../src/gate/gate-result.js';
import { createGateRig } from '../gate-rig.js';
import type { GateRig } from '../gate-rig.js';

const registryPath = 'docs/docs-freshness-registry.json';
const owned = { 'docs-freshness': { owner: 'Docs', cadenceDays: 30 } };

test('a fix adds what is missing in its place and leaves all else as it stands', async () => {
  await using rig = await createGateRig();
  await rig.write('README.md', '# Read me\n');
  await rig.write('docs/a.md', '# A\n');
  await rig.write('docs/c.md', '# C\n');
  rig.commit('Documents');
  await rig.write('docs/b.md', '# Not committed yet\n');
  const kept = [
    '{ "version": 1.0, "more": {"entries": [1]},',
    '  "entries": [',
    '      {"path": "docs/a.md", "owner": "A", "status": "active", "last_review": "2026-01-01",',
    '       "cadence_days": 9e1, "unknown": [12345678901234567890, "\\u00e9"]},',
    '      {"path": "docs/gone.md", "owner": "A", "status": "archived", "last_review": "2026-01-01", "cadence_days": 1}',
    '  ]',
    '}',
  ];
  await rig.write(registryPath, kept.join('\r\n'));
  const fixed = await run(rig, { settings: owned, options: { fix: true } });
  const added = (path: string, date: string): string[] => [
    '      {',
    `        "path": "${path}",`,
    '        "owner": "Docs",',
    '        "status": "active",',
    `        "last_review": "${date}",`,
    '        "cadence_days": 30',
    '      },',
  ];
  expect((await rig.rig.read(registryPath)).split('\r\n')).toEqual([
    ...kept.slice(0, 2),
    ...added('README.md', '2026-01-02'),
    ...kept.slice(2, 4),
    ...added('docs/b.md', '2026-01-06'),
    ...added('docs/c.md', '2026-01-02'),
    ...kept.slice(4),
  ]);
  expect(fixed.findings.map(({ rule }) => rule)).toEqual(['registry-path-missing']);
  expect(fixed.written).toEqual([registryPath, 'out/local/docs-freshness.json']);
});

test('a second fix writes nothing', async () => {
  await using rig = await createGateRig();
  await rig.write('docs/a.md', '# A\n');
  const options = { fix: true };
  const first = await run(rig, { settings: owned, options });
  expect(first.outcome).toBe('passed');
  const text = await rig.rig.read(registryPath);
  const second = await run(rig, { settings: owned, options });
  expect(second.written).toEqual(['out/local/docs-freshness.json']);
  expect(await rig.rig.read(registryPath)).toBe(text);
});

test('many documents have the days of their last commits, whatever they are called', async () => {
  await using rig = await createGateRig();
  const names = [...'a b c d e f g h i j k'.split(' '), 'é "x"', 'a\nb', '[*]'].map(
    (name) => `docs/${name}.md`,
  );
  for (const name of names) await rig.write(name, '# Text\n');
  rig.commit('Documents');
  await rig.write('docs/new.md', '# New\n');
  await run(rig, { settings: owned, options: { fix: true } });
  const { entries } = (await rig.rig.readJson(registryPath)) as {
    entries: readonly { path: string; last_review: string }[];
  };
  const days = names.map((path) => [path, '2026-01-02']);
  expect(new Map(entries.map((entry) => [entry.path, entry.last_review]))).toEqual(
    new Map([...days, ['docs/new.md', '2026-01-06']] as [string, string][]),
  );
});

test('a fix makes up neither an owner nor a review', async () => {
  await using rig = await createGateRig();
  await rig.write('docs/a.md', '# A\n');
  rig.commit('A document');
  const clock = createManualClock(Date.UTC(2026, 5, 1));
  const result = await run(rig, { options: { fix: true }, clock });
  expect(result.findings.map(({ rule }) => rule)).toEqual(['registry-entry-invalid', 'doc-stale']);
  expect(await rig.rig.readJson(registryPath)).toEqual({
    version: 1,
    generated_at: '2026-06-01',
    entries: [
      {
        path: 'docs/a.md',
        owner: 'unassigned',
        status: 'active',
        last_review: '2026-01-02',
        cadence_days: 90,
      },
    ],
  });
});

test.each([
  ['on one line', '{"version":1,"entries":[{"path":"docs/b.md"}]}', ['docs/a.md', 'docs/b.md']],
  ['empty and on one line', '{"version":1,"entries":[]}', ['docs/a.md', 'docs/b.md']],
  ['empty', '{\n  "version": 1,\n  "entries": [ ]\n}\n', ['docs/a.md', 'docs/b.md']],
  [
    'not sorted',
    '{"version":1,"entries":[{"path":"z"},{"path":"y"}]}',
    ['z', 'y', 'docs/a.md', 'docs/b.md'],
  ],
  [
    'with a mark of its byte order',
    '\uFEFF{"entries":[7],"version":1}',
    [undefined, 'docs/a.md', 'docs/b.md'],
  ],
  [
    'twice a list',
    '{"version":1,"entries":[1,2],"entries":["]"]}',
    [undefined, 'docs/a.md', 'docs/b.md'],
  ],
])('a fix of a registry that is %s stays JSON', async (_, text, paths) => {
  await using rig = await createGateRig({ git: false });
  await rig.write('docs/a.md', '# A\n');
  await rig.write('docs/b.md', '# B\n');
  await rig.write(registryPath, text);
  await run(rig, { options: { fix: true } });
  const written = (await rig.rig.read(registryPath)).replace(/^\uFEFF/, '');
  const { entries } = JSON.parse(written) as { entries: readonly { path?: string }[] };
  expect(entries.map(({ path }) => path)).toEqual(paths);
});

test('a fix that fails anywhere leaves the old registry or the new one', async () => {
  await using rig = await createGateRig({ git: false });
  await rig.write('docs/a.md', '# A\n');
  const old = '{"version":1,"entries":[]}';
  const absent = { exitCode: 127, output: '', complaint: 'there is no git', hasWords: false };
  const git = (): Promise<typeof absent> => Promise.resolve(absent);
  const overrides = { settings: owned, options: { fix: true }, git };
  await rig.write(registryPath, old);
  const clean = faultyFileSystem(nodeFileSystem, () => undefined);
  await run(rig, { ...overrides, fs: clean.fs });
  const complete = await rig.rig.read(registryPath);
  for (const fault of singleFaults(clean.calls)) {
    const { title } = fault;
    await rig.write(registryPath, old);
    const faulty = faultyFileSystem(nodeFileSystem, (call) => fault.plan(call));
    const end = await run(rig, { ...overrides, fs: faulty.fs }).then(
      ({ passes }) => (passes ? 'passed' : 'failed'),
      (error: unknown) => (error as GateError).code,
    );
    const text = readFileSync(rig.rig.path(registryPath), 'utf8');
    expect([old, complete], title).toContain(text);
    expect(['passed', 'failed', 'WRITE_FAILED', 'INVALID_FILE'], title).toContain(end);
    if (end === 'passed')
      expect(existsSync(rig.rig.path('out/local/docs-freshness.json'))).toBe(true);
    expect(faulty.unclosed(), title).toEqual([]);
  }
});

function run(rig: GateRig, overrides: Partial<GatePorts> = {}): Promise<GateResult> {
  return rig.run(docsFreshness, { clock: createManualClock(), ...overrides });
}
