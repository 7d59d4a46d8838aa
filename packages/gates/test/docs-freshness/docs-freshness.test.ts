import { mkdirSync, symlinkSync } from 'node:fs';

import { createManualClock } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { docsFreshness } from '../../src/docs-freshness/docs-freshness.js';
import type { GatePorts } from '../../src/gate/gate-ports.js';
import type { GateResult } from '../../src/gate/gate-result.js';
import { createGateRig } from '../gate-rig.js';
import type { GateRig } from '../gate-rig.js';

const registryPath = 'docs/docs-freshness-registry.json';

test('a repository without a registry is not judged, and is told so', async () => {
  await using rig = await createGateRig();
  await rig.write('README.md', '# Read me\n');
  const result = await run(rig);
  expect(result).toMatchObject({ outcome: 'not_applicable', passes: true, written: [] });
  expect(result.lines[0]).toContain('there is no docs/docs-freshness-registry.json');
});

test('a registry that is asked for and is not there cannot be judged', async () => {
  await using rig = await createGateRig();
  const settings = { 'docs-freshness': {} };
  await expect(run(rig, { settings })).rejects.toMatchObject({ code: 'INVALID_FILE' });
  const options = { registry: 'docs/other.json' };
  await expect(run(rig, { options })).rejects.toMatchObject({ code: 'INVALID_FILE' });
});

test('a registry that is complete and reviewed in time passes, with a report', async () => {
  await using rig = await createGateRig();
  await rig.write('README.md', '# Read me\n');
  await rig.write('docs/a.md', '# A\n');
  await rig.write('docs/archives/old.md', '# Old\n');
  await rig.write('src/notes.md', '# No document\n');
  await rig.write(registryPath, registry([entry('README.md'), entry('./docs/a.md')]));
  const result = await run(rig, { taskId: '0001-docs' });
  expect(result.outcome).toBe('passed');
  expect(result.lines).toEqual(['docs:freshness OK - 2 docs, 2 registry entries']);
  expect(result.written).toEqual(['out/0001-docs/docs-freshness.json']);
  expect(await rig.rig.readJson('out/0001-docs/docs-freshness.json')).toEqual({
    version: 1,
    generated_at: '2026-01-06T06:53:37.814Z',
    task_id: '0001-docs',
    registry_path: registryPath,
    totals: {
      docs_scanned: 2,
      registry_entries: 2,
      missing_in_registry: 0,
      missing_on_disk: 0,
      invalid_entries: 0,
      stale_entries: 0,
    },
    missing_in_registry: [],
    missing_on_disk: [],
    invalid_entries: [],
    stale_entries: [],
  });
});

test('each thing that is wrong is a finding at the line of its entry', async () => {
  await using rig = await createGateRig();
  await rig.write('docs/a.md', '# A\n');
  await rig.write('docs/new.md', '# New\n');
  const entries = [
    entry('docs/a.md', { last_review: '2025-01-01', note: 'kept "as {it} is"' }),
    entry('docs/gone.md'),
    entry('docs/a.md', { owner: ' TBD ', status: 'fresh' }),
    entry('docs/a.md/../../..'),
    'no entry',
  ];
  await rig.write(registryPath, registry(entries));
  const result = await run(rig);
  expect(result.outcome).toBe('failed');
  expect(result.findings.map(({ rule, file, line }) => [rule, file, line])).toEqual([
    ['doc-missing-in-registry', 'docs/new.md', null],
    ['doc-stale', registryPath, 5],
    ['registry-path-missing', registryPath, 13],
    ['registry-entry-invalid', registryPath, 20],
    ['registry-entry-invalid', registryPath, 27],
    ['registry-entry-invalid', registryPath, 34],
  ]);
  expect(result.lines.slice(0, 5)).toEqual([
    'docs:freshness FAILED - 2 docs, 5 registry entries',
    '- missing registry entries: 1',
    '- registry references missing files: 1',
    '- invalid registry entries: 3',
    '- stale docs: 1',
  ]);
  expect(result.lines).toHaveLength(5 + result.findings.length);
  expect(await rig.rig.readJson('out/local/docs-freshness.json')).toMatchObject({
    task_id: 'local',
    missing_in_registry: ['docs/new.md'],
    missing_on_disk: ['docs/gone.md'],
    invalid_entries: [
      { path: 'docs/a.md', issues: ['duplicate path', 'invalid status', 'missing owner'] },
      { path: 'docs/a.md/../../..', issues: ['path outside of the root'] },
      { path: '<missing>', issues: ['not an object'] },
    ],
    stale_entries: [
      { path: 'docs/a.md', last_review: '2025-01-01', cadence_days: 90, age_days: 370 },
    ],
  });
});

test.each([
  ['2025-10-08', 'passed'],
  ['2025-10-07', 'failed'],
  ['2027-01-01', 'passed'],
  ['2025-02-30', 'failed'],
  ['2026-1-1', 'failed'],
])('on 2026-01-06 a review of %s with ninety days in between has %s', async (date, outcome) => {
  await using rig = await createGateRig({ git: false });
  await rig.write('docs/a.md', '# A\n');
  await rig.write(registryPath, registry([entry('docs/a.md', { last_review: date })]));
  const result = await run(rig);
  expect(result.outcome).toBe(outcome);
  expect(result.warnings).toHaveLength(date.startsWith('2027') ? 1 : 0);
});

test('what is archived is never stale and needs no owner', async () => {
  await using rig = await createGateRig({ git: false });
  await rig.write('docs/a.md', '# A\n');
  const archived = { status: 'archived', owner: '', last_review: '2001-01-01' };
  await rig.write(registryPath, registry([entry('docs/a.md', archived)]));
  expect((await run(rig)).outcome).toBe('passed');
  await rig.write(registryPath, registry([entry('docs/a.md', { ...archived, status: 'active' })]));
  expect((await run(rig)).findings.map(({ rule }) => rule)).toEqual([
    'registry-entry-invalid',
    'doc-stale',
  ]);
});

test('an entry that leads out through a link, or to a folder, is no file of the repository', async () => {
  await using rig = await createGateRig();
  mkdirSync(rig.rig.path('docs'));
  symlinkSync('/etc', rig.rig.path('docs/away'));
  await rig.write(registryPath, registry([entry('docs/away/passwd'), entry('docs')]));
  const result = await run(rig);
  expect(result.findings.map(({ rule }) => rule)).toEqual([
    'registry-path-missing',
    'registry-path-missing',
  ]);
});

test.each([
  ['no JSON', '{"version": 1,'],
  ['of another version', '{"version": 2, "entries": []}'],
  ['without a list', '{"version": 1, "entries": {}}'],
  ['no object', '[]'],
  ['empty', ''],
  ['no UTF-8', Buffer.from('{"version":1,"entries":["\xff"]}', 'latin1')],
])('a registry that is %s cannot be judged and is left alone', async (_, content) => {
  await using rig = await createGateRig({ git: false });
  await rig.write('docs/a.md', '# A\n');
  await rig.write(registryPath, content);
  const options = { fix: true };
  await expect(run(rig, { options })).rejects.toMatchObject({ code: 'INVALID_FILE' });
  expect(Buffer.from(await rig.rig.read(registryPath))).toEqual(
    Buffer.from(Buffer.from(content).toString('utf8')),
  );
});

test('a task id or a path that leads elsewhere is refused before anything is written', async () => {
  await using rig = await createGateRig();
  await rig.write(registryPath, registry([]));
  const refused: Partial<GatePorts>[] = [
    { taskId: '../../etc' },
    { taskId: '' },
    { options: { report: '../report.json' } },
    { options: { report: registryPath } },
    { options: { registry: '/etc/passwd' } },
    { options: { registry: '.' } },
  ];
  for (const overrides of refused) {
    await expect(run(rig, overrides)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  }
  expect(await rig.rig.list('docs')).toEqual([registryPath]);
});

test('registry and report can be elsewhere in the repository', async () => {
  await using rig = await createGateRig();
  await rig.write('meta/registry.json', registry([]));
  const options = { registry: 'meta/registry.json', report: 'reports/fresh.json' };
  const result = await run(rig, { options });
  expect(result.written).toEqual(['reports/fresh.json']);
  expect(result.facts).toMatchObject({ registry: 'meta/registry.json' });
});

function run(rig: GateRig, overrides: Partial<GatePorts> = {}): Promise<GateResult> {
  return rig.run(docsFreshness, { clock: createManualClock(), ...overrides });
}

function entry(path: string, members: object = {}): object {
  const usual = { owner: 'Docs', status: 'active', last_review: '2026-01-01', cadence_days: 90 };
  return { path, ...usual, ...members };
}

function registry(entries: readonly unknown[]): string {
  return `${JSON.stringify({ version: 1, generated_at: '2026-01-01', entries }, null, 2)}\n`;
}
