import { appendFileSync } from 'node:fs';

import { nodeFileSystem, systemClock, systemRandom } from '@codex-orchestrator/core';
import { expect, test } from 'vitest';

import { audit } from '../src/hygiene/audit.js';
import { updateIndex } from '../src/index/update-index.js';
import { LOG, createLogRig, markLine, recordLine } from './hygiene-rig.js';

const NOW_MS = Date.parse('2026-06-01T00:00:00.000Z');
const SAME = { summary32: 'Wait for the port before the probe' };
const evidence = { path: 'runs/a/manifest.json', sha256: 'a'.repeat(64) };

test('a task without a log has nothing to report', async () => {
  await using rig = await createLogRig();
  expect(await audit(rig.layout)).toMatchObject({
    records: 0,
    logBytes: 0,
    domains: [],
    evidence: undefined,
    index: { state: 'none', bytes: 0 },
    unfinishedReplacements: 0,
  });
  expect(await rig.list()).toEqual([]);
});

test('counts what is there and what is wrong with it', async () => {
  await using rig = await createLogRig();
  await rig.log([
    recordLine({ id: 'a', ...SAME, evidence }),
    recordLine({ id: 'b', ...SAME, uses: 2, createdAt: '2026-05-30T00:00:00.000Z' }),
    recordLine({
      id: 'c',
      summary32: 'Use token hunter2 for it',
      createdAt: '2026-05-30T00:00:00.000Z',
    }),
    recordLine({ id: 'e', domain: 'other', pinned: true, summary32: 'Done.' }),
    recordLine({ id: 'f' }),
    markLine('forgotten', 'f'),
    'no record',
    '',
    recordLine({ id: 'm', taskId: 'other' }),
  ]);
  const hasSecret = (text: string): boolean => text.includes('hunter2');
  const report = await audit(rig.layout, { nowMs: NOW_MS, hasSecret });
  expect(report).toMatchObject({
    taskId: 't',
    lines: 9,
    records: 4,
    domains: [
      { domain: 'd', records: 3 },
      { domain: 'other', records: 1 },
    ],
    forgottenWithText: 1,
    pinned: 1,
    duplicates: 1,
    neverUsed: 3,
    stale: 2,
    withoutEvidence: 3,
    boilerplate: 1,
    withSecret: 1,
    notes: { count: 1 },
    blank: { count: 1 },
    unreadable: { count: 1, examples: [{ line: 7, reason: 'it is not a JSON object' }] },
    misplaced: { count: 1, examples: [{ line: 9 }] },
  });
  expect((await audit(rig.layout)).withSecret).toBeUndefined();
});

test('evidence is verified as far as it is asked for, and what is wrong is named', async () => {
  await using rig = await createLogRig();
  await rig.log(
    ['ok', 'missing', 'changed', 'later'].map((id) =>
      recordLine({ id, evidence: { ...evidence, path: id } }),
    ),
  );
  const seen: string[] = [];
  const report = await audit(rig.layout, {
    maxEvidence: 3,
    verifyEvidence: ({ path }) => {
      seen.push(path);
      return path === 'missing' || path === 'changed' ? path : 'ok';
    },
  });
  expect(seen).toEqual(['ok', 'missing', 'changed']);
  expect(report.evidence).toEqual({
    verified: 3,
    missing: 1,
    changed: 1,
    examples: [
      { id: 'missing', path: 'missing', verdict: 'missing' },
      { id: 'changed', path: 'changed', verdict: 'changed' },
    ],
  });
});

test('says how much of the log near duplicates were looked for in', async () => {
  await using rig = await createLogRig();
  await rig.log(['a', 'b', 'c'].map((id) => recordLine({ id })));
  const { nearDuplicates } = await audit(rig.layout, { maxNearRecords: 2 });
  expect(nearDuplicates).toEqual({ count: 0, comparedRecords: 2, isComplete: false });
});

test('tells whether the index is that of the log', async () => {
  await using rig = await createLogRig();
  await rig.log([recordLine({ id: 'a' })]);
  const stateOf = async (): Promise<string> => (await audit(rig.layout)).index.state;
  expect(await stateOf()).toBe('none');
  await updateIndex(rig.layout, { fs: nodeFileSystem, clock: systemClock, random: systemRandom });
  expect(await stateOf()).toBe('fresh');
  appendFileSync(rig.layout.logPath, `${recordLine({ id: 'b' })}\n`);
  expect(await stateOf()).toBe('behind');
  await rig.log([recordLine({ id: 'x' })]);
  expect((await audit(rig.layout)).index).toMatchObject({
    state: 'refused',
    because: expect.any(String) as string,
  });
});

test('tells of a replacement that was cut short', async () => {
  await using rig = await createLogRig();
  await rig.log([recordLine({ id: 'a' })]);
  await rig.write({ [`${LOG}.old-7`]: '', [`${LOG}.old-x`]: '' });
  expect((await audit(rig.layout)).unfinishedReplacements).toBe(1);
});
