import { readEntries } from '@codex-orchestrator/metrics';
import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { run } from '../src/commands/history.js';
import { benchEntry, benchRunId } from '../src/history/bench-entry.js';
import {
  benchHistoryLayout,
  readTrendPoints,
  recordResults,
} from '../src/history/bench-history.js';
import { writeResults } from '../src/results/results-file.js';
import { exactResults, timeResults } from './fixtures/bench-results.js';

const nowMs = Date.UTC(2026, 0, 6, 7);

test('results become runs of the task bench that metrics counts, guard by guard', async () => {
  await using rig = await createRig();
  await recordResults(rig.root, [exactResults, timeResults], nowMs);
  const summary = await rig.read('.runs/bench/metrics/summary.json');
  for (const name of ['bench-exact', 'bench-time', 'core/append-lines', 'core/atomic-write']) {
    expect(summary).toContain(name);
  }
});

test('the same results are recorded once, also by the command', async () => {
  await using rig = await createRig();
  await writeResults(rig.root, exactResults);
  await writeResults(rig.root, timeResults);
  const said: string[] = [];
  const output = { stdout: (text: string) => said.push(text), stderr: () => undefined };
  expect(await run({ root: rig.root, output })).toBe(0);
  expect(await run({ root: rig.root, output })).toBe(0);
  expect(said.map((text) => text.slice(0, 1))).toEqual(['2', '0']);
  let entries = 0;
  for await (const { entry } of readEntries(benchHistoryLayout(rig.root))) {
    expect(entry['task_id']).toBe('bench');
    entries += 1;
  }
  expect(entries).toBe(2);
});

test('an entry says how it ended, what each guard took and on which machine', () => {
  const entry = benchEntry(timeResults, nowMs);
  expect(entry).toMatchObject({
    run_id: benchRunId(timeResults),
    pipeline_id: 'bench-time',
    status: 'failed',
    commit: timeResults.candidate.commit,
    stages: [
      { id: 'core/append-lines', status: 'failed', duration_seconds: 0.0138 },
      { id: 'core/read-lines', status: 'skipped', duration_seconds: 0.0138 },
    ],
    machine: { cpus: 2, node: 'v20.20.2' },
  });
  expect(entry.run_id).toMatch(/^2026-01-06T06-54-00-000Z-[0-9a-f]{8}$/);
  expect(benchEntry(exactResults, nowMs).status).toBe('succeeded');
});

test('other results have another run id', () => {
  const ids = [exactResults, timeResults, { ...exactResults, project: 'cli' }].map(benchRunId);
  expect(new Set(ids).size).toBe(3);
});

test('the numbers of a guard can be read back in order, whoever else writes there', async () => {
  await using rig = await createRig();
  await rig.write({
    '.runs/bench/metrics.json':
      '{"run_id":"a","status":"succeeded","recorded_at":"2026-01-01","bench":{"guards":[3,{"measures":[{"value":"x"}]}]}}\n',
  });
  await recordResults(rig.root, [exactResults], nowMs);
  const later = { ...exactResults, startedAt: '2026-01-07T00:00:00.000Z' };
  await recordResults(rig.root, [later], nowMs);
  const writes = (await readTrendPoints(rig.root)).filter(({ measure }) => measure === 'writes');
  expect(writes.map(({ guard, value }) => [guard, value])).toEqual([
    ['core/atomic-write', 1],
    ['core/atomic-write', 1],
  ]);
});
