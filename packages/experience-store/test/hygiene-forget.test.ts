import { appendFileSync } from 'node:fs';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { faultyFileSystem, singleFaults } from '@codex-orchestrator/testing';
import type { FaultyCall } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { collect } from '../src/hygiene/collect.js';
import { forget } from '../src/hygiene/forget.js';
import { listRecords } from '../src/hygiene/list-records.js';
import { encodeBatch } from '../src/log/batch-frame.js';
import { createLogRig, markLine, recordLine } from './hygiene-rig.js';
import type { LogRig } from './hygiene-rig.js';

const random = { bytes: (count: number) => new Uint8Array(count) };

async function idsIn(rig: LogRig): Promise<string[]> {
  const { records } = await listRecords(rig.layout);
  return records.map(({ id }) => id).sort();
}

test('the text is gone from disk, and every other line stands where it stood', async () => {
  await using rig = await createLogRig();
  await rig.log([recordLine({ id: 'a' }), recordLine({ id: 'b', summary32: 'the secret' })]);
  appendFileSync(rig.layout.logPath, `${recordLine({ id: 'c' })}\n`);
  const before = await rig.text();
  const report = await forget(rig.layout, ['b']);
  expect(report).toEqual({ forgotten: [{ id: 'b', domain: 'd' }], blankedLines: 1 });
  const after = await rig.text();
  expect(after).not.toContain('secret');
  expect(after.indexOf('"id":"c"')).toBe(before.indexOf('"id":"c"'));
  expect(await idsIn(rig)).toEqual(['a', 'c']);
  expect(after).toContain('"note":"forgotten"');
});

test.each(['x', 'y', 'z'])(
  'of a batch, the others count as before when %s is forgotten',
  async (id) => {
    await using rig = await createLogRig();
    const ids = ['x', 'y', 'z'];
    await rig.log(
      encodeBatch(
        ids.map((each) => recordLine({ id: each })),
        random,
      ),
    );
    await forget(rig.layout, [id]);
    const rest = ids.filter((each) => each !== id);
    expect(await idsIn(rig)).toEqual(rest);
    expect(await rig.text()).not.toContain(`What ${id} taught`);
    await collect(rig.layout);
    expect(await idsIn(rig)).toEqual(rest);
    expect((await rig.text()).trimEnd().split('\n')).toHaveLength(2);
  },
);

test('all or none: ids that are not there are named, and nothing is changed', async () => {
  await using rig = await createLogRig();
  await rig.log([recordLine({ id: 'a' }), recordLine({ id: 'b' })]);
  const before = await rig.text();
  await expect(forget(rig.layout, ['a', 'x', 'y'])).rejects.toMatchObject({
    code: 'RECORD_NOT_FOUND',
    problems: ['There is no experience "x"', 'There is no experience "y"'],
  });
  expect(await rig.text()).toBe(before);
});

test('second copies, other domains and batches without an end are overwritten too', async () => {
  await using rig = await createLogRig();
  const [torn = ''] = encodeBatch([recordLine({ id: 'a' }), recordLine({ id: 'n' })], random);
  await rig.log([
    recordLine({ id: 'a' }),
    recordLine({ id: 'a' }),
    recordLine({ id: 'a', domain: 'e' }),
    torn,
  ]);
  const report = await forget(rig.layout, ['a']);
  expect(report.blankedLines).toBe(4);
  expect(report.forgotten).toEqual([
    { id: 'a', domain: 'd' },
    { id: 'a', domain: 'e' },
  ]);
  expect(await rig.text()).not.toContain('taught');
});

test('what an earlier try has noted is overwritten by the next one', async () => {
  await using rig = await createLogRig();
  await rig.log([recordLine({ id: 'a' }), markLine('forgotten', 'a')]);
  expect(await forget(rig.layout, [])).toEqual({ forgotten: [], blankedLines: 1 });
  expect(await rig.text()).not.toContain('taught');
  expect((await rig.text()).match(/forgotten/g)).toHaveLength(1);
});

test('whichever call on the files of the task fails, a second try has the text gone, and the rest as it was', async () => {
  const run = async (plan: Parameters<typeof faultyFileSystem>[1]) => {
    await using rig = await createLogRig();
    const batch = encodeBatch([recordLine({ id: 'x' }), recordLine({ id: 'y' })], random);
    await rig.log([recordLine({ id: 'a' }), ...batch]);
    const faulty = faultyFileSystem(nodeFileSystem, plan);
    const first = await forget(rig.layout, ['a', 'y'], { fs: faulty.fs }).then(
      () => 'done',
      () => 'failed',
    );
    const between = await idsIn(rig);
    await forget(rig.layout, first === 'done' || !between.includes('a') ? [] : ['a', 'y']);
    return { first, between, ids: await idsIn(rig), text: await rig.text(), calls: faulty.calls };
  };
  const clean = await run(() => undefined);
  expect(clean.first).toBe('done');
  // What comes before and after is the lock's.
  const isOfTask = ({ args: [path] }: FaultyCall): boolean =>
    typeof path === 'string' && path.includes('experiences') && !path.includes('.lock');
  const { calls } = clean;
  const faults = singleFaults(
    calls.slice(calls.findIndex(isOfTask), calls.findLastIndex(isOfTask)),
  );
  expect(faults.length).toBeGreaterThan(50);
  for (const fault of faults) {
    const { title } = fault;
    const { between, ids, text } = await run((call) => fault.plan(call));
    expect([title, ids]).toEqual([title, ['x']]);
    expect([title, between.includes('x')]).toEqual([title, true]);
    expect([title, /What [ay] taught/.test(text)]).toEqual([title, false]);
  }
});
