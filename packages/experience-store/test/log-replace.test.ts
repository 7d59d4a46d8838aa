import { appendFileSync, closeSync, openSync, statSync, writeSync } from 'node:fs';

import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import { createSeededRandom, faultyFileSystem, singleFaults } from '@codex-orchestrator/testing';
import type { Fault, FaultyCall } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { listRecords } from '../src/hygiene/list-records.js';
import { encodeBatch } from '../src/log/batch-frame.js';
import { replaceLog } from '../src/log/replace-log.js';
import { recoverReplacement } from '../src/log/replace-recover.js';
import { openLog } from '../src/log/replace-source.js';
import { LOG, createLogRig, markLine, recordLine } from './hygiene-rig.js';
import type { LogRig } from './hygiene-rig.js';

/** Replaces the log by one of `kept` records, as if everything else in it were to go. */
async function keepOnly(rig: LogRig, kept: readonly string[], fs: FileSystem = nodeFileSystem) {
  using log = openLog(rig.layout, fs);
  if (!log) throw new Error('there is no log');
  const replacement = {
    log,
    coveredBytes: log.stats.size,
    fill: (write: (lines: Uint8Array) => void) => {
      write(Buffer.from(kept.map((id) => `${recordLine({ id })}\n`).join('')));
      return Promise.resolve();
    },
  };
  return await replaceLog(rig.layout, replacement, { fs });
}

async function idsIn(rig: LogRig): Promise<string[]> {
  const { records } = await listRecords(rig.layout, { limit: Infinity });
  return records.map(({ id }) => id).sort();
}

function batchOf(ids: readonly string[], seed = 1): string[] {
  const random = createSeededRandom(seed);
  const bytes = (count: number): Uint8Array =>
    Buffer.from(Array.from({ length: count }, () => random.integer(0, 255)));
  const lines = ids.map((id) => recordLine({ id }));
  return encodeBatch(lines, { bytes });
}

test('the new log has what stays, the mode of the old one, and nothing is left beside it', async () => {
  await using rig = await createLogRig();
  await rig.log(['a', 'b', 'c'].map((id) => recordLine({ id })));
  const before = statSync(rig.layout.logPath);
  const replaced = await keepOnly(rig, ['b']);
  expect(await idsIn(rig)).toEqual(['b']);
  expect(replaced).toEqual({ bytes: (await rig.text()).length, carriedLines: 0 });
  expect(statSync(rig.layout.logPath).mode).toBe(before.mode);
  expect(await rig.list()).toEqual([LOG]);
});

test.each([
  { moment: 'while the new log is written', operation: 'fsync' },
  { moment: 'right before the change', operation: 'rename' },
])('lines that come $moment are carried, batches whole or not at all', async ({ operation }) => {
  await using rig = await createLogRig();
  await rig.log([recordLine({ id: 'a' }), recordLine({ id: 'b' })]);
  const [first = '', second = ''] = batchOf(['late-2', 'late-3']);
  const [torn = ''] = batchOf(['torn-1', 'torn-2'], 2);
  const late = [
    recordLine({ id: 'late-1' }),
    '',
    first,
    second,
    torn,
    'no record',
    markLine('forgotten', 'b'),
  ];
  let isDone = false;
  const faulty = faultyFileSystem(nodeFileSystem, (call) => {
    if (call.operation !== operation || isDone) return undefined;
    isDone = true;
    appendFileSync(rig.layout.logPath, `${late.join('\n')}\n`);
    return undefined;
  });
  const replaced = await keepOnly(rig, ['a', 'b'], faulty.fs);
  expect(await idsIn(rig)).toEqual(['a', 'late-1', 'late-2', 'late-3']);
  expect(replaced.carriedLines).toBe(4);
  expect(faulty.unclosed()).toEqual([]);
});

test('a whole line that lacks its newline alone is carried like others', async () => {
  await using rig = await createLogRig();
  await rig.log([recordLine({ id: 'a' })]);
  const faulty = faultyFileSystem(nodeFileSystem, ({ operation }) => {
    if (operation === 'rename') appendFileSync(rig.layout.logPath, recordLine({ id: 'late' }));
    return undefined;
  });
  await keepOnly(rig, [], faulty.fs);
  expect(await idsIn(rig)).toEqual(['late']);
  expect(await rig.text()).toMatch(/\n$/);
});

test('another file that got the name of the log meanwhile is left alone', async () => {
  await using rig = await createLogRig();
  await rig.log([recordLine({ id: 'a' })]);
  const faulty = faultyFileSystem(nodeFileSystem, ({ operation }) => {
    if (operation === 'fsync') {
      nodeFileSystem.rename(rig.layout.logPath, `${rig.layout.logPath}.moved`);
      closeSync(openSync(rig.layout.logPath, 'wx'));
    }
    return undefined;
  });
  await expect(keepOnly(rig, [], faulty.fs)).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
  expect(await rig.list()).toEqual([LOG, `${LOG}.moved`]);
  expect(await rig.text()).toBe('');
});

test('an abort before the change leaves the old log', async () => {
  await using rig = await createLogRig();
  await rig.log([recordLine({ id: 'a' })]);
  using log = openLog(rig.layout, nodeFileSystem);
  if (!log) throw new Error('there is no log');
  const controller = new AbortController();
  const fill = (): Promise<void> => {
    controller.abort(new Error('enough'));
    return Promise.resolve();
  };
  const { signal } = controller;
  const replacement = { log, coveredBytes: log.stats.size, fill };
  await expect(replaceLog(rig.layout, replacement, { signal })).rejects.toThrow('enough');
  expect(await idsIn(rig)).toEqual(['a']);
  expect(await rig.list()).toEqual([LOG]);
});

/**
 * Runs a replacement that keeps `a` of `a` and `b`, during which `late` is appended right before the
 * change, and returns the ids that are there after a recovery.
 */
async function replaceWith(plan: (call: FaultyCall) => Fault | undefined) {
  await using rig = await createLogRig();
  await rig.log([recordLine({ id: 'a' }), recordLine({ id: 'b' })]);
  const writer = openSync(rig.layout.logPath, 'a');
  let isLate = false;
  const faulty = faultyFileSystem(nodeFileSystem, (call) => {
    if (call.operation === 'link' && !isLate) {
      isLate = true;
      writeSync(writer, batchOf(['late-1', 'late-2']).join('\n') + '\n');
    }
    return plan(call);
  });
  const outcome = await keepOnly(rig, ['a'], faulty.fs).then(
    () => 'done',
    (error: unknown) => (error as { code: string }).code,
  );
  closeSync(writer);
  const unclosed = faulty.unclosed();
  recoverReplacement(rig.layout);
  const again = recoverReplacement(rig.layout);
  return {
    calls: faulty.calls,
    outcome,
    unclosed,
    again,
    ids: await idsIn(rig),
    files: await rig.list(),
  };
}

test('whichever single call fails, no line is lost or there twice', async () => {
  const clean = await replaceWith(() => undefined);
  expect(clean).toMatchObject({ outcome: 'done', ids: ['a', 'late-1', 'late-2'] });
  const faults = singleFaults(clean.calls);
  expect(faults.length).toBeGreaterThan(40);
  for (const fault of faults) {
    const { title } = fault;
    const run = await replaceWith((call) => fault.plan(call));
    const { outcome, unclosed, ids, files, again } = run;
    const isLate = ids.includes('late-1') && ids.includes('late-2');
    const rest = ids.filter((id) => !id.startsWith('late'));
    expect([title, rest]).toEqual([
      title,
      outcome === 'done' ? ['a'] : expect.arrayContaining(['a']),
    ]);
    // What fails before the link fails before the late lines come.
    expect([title, isLate || !ids.some((id) => id.startsWith('late'))]).toEqual([title, true]);
    expect([title, unclosed]).toEqual([title, []]);
    expect([title, again]).toEqual([title, { finished: 0, carriedLines: 0 }]);
    expect([title, files.filter((name) => name.includes('.old-'))]).toEqual([title, []]);
  }
});

test('whenever the process dies, what is left is the old log or the new one with all that came late', async () => {
  const { calls } = await replaceWith(() => undefined);
  const linkAt = calls.findIndex(({ operation }) => operation === 'link');
  for (let death = 0; death < calls.length; death++) {
    let nth = 0;
    const dead: Fault = { kind: 'error', code: 'EIO' };
    const { ids } = await replaceWith(() => (nth++ >= death ? dead : undefined));
    const late = death >= linkAt ? ['late-1', 'late-2'] : [];
    const isNew = !ids.includes('b');
    expect([death, ids]).toEqual([death, [...(isNew ? ['a'] : ['a', 'b']), ...late]]);
  }
});

test('lines that the recovery of a killed process finds in the new log already are not doubled', async () => {
  await using rig = await createLogRig();
  const late = [...batchOf(['late-1', 'late-2']), recordLine({ id: 'late-3' })];
  await rig.log([recordLine({ id: 'a' }), ...late.slice(0, 2)]);
  const copied = Buffer.byteLength(`${recordLine({ id: 'a' })}\n`);
  await rig.write({ [`${LOG}.old-${copied}`]: `${recordLine({ id: 'a' })}\n${late.join('\n')}\n` });
  expect(recoverReplacement(rig.layout)).toEqual({ finished: 1, carriedLines: 1 });
  expect(await idsIn(rig)).toEqual(['a', 'late-1', 'late-2', 'late-3']);
  const lines = (await rig.text()).split('\n').filter((line) => line !== '');
  expect(lines).toHaveLength(4);
});
