import { utimes } from 'node:fs/promises';

import { createManualClock, createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { checkMetrics } from '../src/doctor/check-metrics.js';

const clock = createManualClock();

function check(rig: Rig): ReturnType<typeof checkMetrics> {
  return checkMetrics({ runsDir: rig.path('.runs'), outDir: rig.path('out') }, clock);
}

/** Writes a file as if so many seconds before now. */
async function writeAged(rig: Rig, path: string, ageSeconds: number): Promise<void> {
  await rig.write({ [path]: '' });
  const time = clock.nowMs() / 1000 - ageSeconds;
  await utimes(rig.path(path), time, time);
}

test('without runs there is no history to complain about', async () => {
  await using rig = await createRig();
  expect(check(rig)).toMatchObject({ status: 'ok', message: 'no history yet' });
});

test('a history that is counted is in order', async () => {
  await using rig = await createRig();
  await writeAged(rig, '.runs/t/metrics.json', 20);
  await writeAged(rig, '.runs/t/metrics/aggregate-state.json', 10);
  await writeAged(rig, '.runs/other/cli/nothing', 10);
  expect(check(rig)).toMatchObject({ status: 'ok', message: '1 task with a history' });
});

test.each([
  ['nothing is counted yet', 'update', ['metrics.json', 10]],
  ['pending entries', 'update', ['metrics.pending/a.jsonl', 10]],
  ['pending entries that are damaged', 'doctor', ['metrics.pending/a.jsonl.rejected', 10]],
  ['locked by somebody who is silent', 'doctor', ['metrics.lock', 301]],
])('%s: %s is what helps', async (words, command, [path, age]) => {
  await using rig = await createRig();
  await writeAged(rig, '.runs/t/metrics.json', 20);
  await writeAged(rig, `.runs/t/${String(path)}`, Number(age));
  expect(check(rig)).toStrictEqual({
    id: 'metrics',
    status: 'warning',
    message: `t: ${words}`,
    hint: `codex-orchestrator metrics ${command} --task t`,
  });
});

test('lines behind what is counted are a warning, unless somebody is at it', async () => {
  await using rig = await createRig();
  await writeAged(rig, '.runs/t/metrics/aggregate-state.json', 20);
  await writeAged(rig, '.runs/t/metrics.json', 10);
  expect(check(rig)).toMatchObject({ message: 't: lines that are not counted yet' });
  await writeAged(rig, '.runs/t/metrics.lock', 5);
  expect(check(rig)).toMatchObject({ status: 'ok' });
});

test('of many tasks, three are named', async () => {
  await using rig = await createRig();
  for (const task of ['a', 'b', 'c', 'd', 'e']) {
    await writeAged(rig, `.runs/${task}/metrics.json`, 10);
  }
  expect(check(rig).message).toMatch(/^a: .*; b: .*; c: .*; and 2 more tasks$/);
});
