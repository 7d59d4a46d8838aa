import { cpSync, readFileSync, rmSync } from 'node:fs';

import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import { createRig, faultyFileSystem, singleFaults } from '@codex-orchestrator/testing';
import type { Fault, FaultyCall, Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { appendEntry, checkHistory, createMetricsLayout, updateAggregates } from '../src/index.js';
import type { MetricsEntry, MetricsLayout } from '../src/index.js';

function layoutIn(folder: string): MetricsLayout {
  return createMetricsLayout({
    taskId: 'task',
    runsDir: `${folder}/runs`,
    outDir: `${folder}/out`,
  });
}

function entryOf(nth: number, others: Partial<MetricsEntry> = {}): MetricsEntry {
  const recorded_at = '2026-01-06T06:53:37.814Z';
  const tfgrpo_epoch = nth % 2;
  return {
    run_id: `run-${nth}`,
    status: 'succeeded',
    recorded_at,
    duration_seconds: nth,
    tfgrpo_epoch,
    ...others,
  };
}

const rotation = { maxLines: 5 };

type Documents = Readonly<Record<string, unknown>>;

/**
 * A history of which a part is counted and the rest, with a further attempt and a repeat, is not. Returns
 * the documents that it comes to.
 */
async function prepare(rig: Rig): Promise<Documents> {
  const layout = layoutIn(rig.path('before'));
  for (let nth = 0; nth < 3; nth++) await appendEntry(layout, entryOf(nth));
  await updateAggregates(layout);
  await appendEntry(layout, entryOf(1, { attempt: 2, status: 'failed' }));
  await appendEntry(layout, entryOf(2));
  await appendEntry(layout, entryOf(3));
  const after = layoutIn(rig.path('after'));
  cpSync(rig.path('before'), rig.path('after'), { recursive: true, preserveTimestamps: true });
  await updateAggregates(after, { rotation });
  return documentsOf(after);
}

interface Attempt {
  readonly layout: MetricsLayout;
  readonly calls: readonly FaultyCall[];
  readonly error: unknown;
}

/** One update of the prepared history over a file system with faults. */
async function attempt(
  rig: Rig,
  plan: (call: FaultyCall, number: number) => Fault | undefined,
): Promise<Attempt> {
  const folder = rig.path('here');
  rmSync(folder, { recursive: true, force: true });
  cpSync(rig.path('before'), folder, { recursive: true, preserveTimestamps: true });
  const layout = layoutIn(folder);
  let number = 0;
  const { fs, calls } = faultyFileSystem<FileSystem>(nodeFileSystem, (call) =>
    plan(call, (number += 1)),
  );
  let error: unknown;
  try {
    await updateAggregates(layout, { rotation, fs });
  } catch (thrown) {
    error = thrown;
  }
  return { layout, calls, error };
}

async function expectSameAsWithoutFault(layout: MetricsLayout, expected: Documents): Promise<void> {
  // Whoever was killed holds no lock; this process lives on.
  rmSync(layout.lockPath, { force: true });
  await updateAggregates(layout, { rotation });
  expect(documentsOf(layout)).toEqual(expected);
  expect((await checkHistory(layout)).findings).toEqual([]);
}

/** Without their times. */
function documentsOf(layout: MetricsLayout): Documents {
  const paths = [
    'baselinePath',
    'postRolloutPath',
    'completenessPath',
    'perEpochPath',
    'mttrDeltaPath',
    'learningStatePath',
    'summaryPath',
  ] as const;
  return Object.fromEntries(
    paths.map((path) => {
      const document = JSON.parse(readFileSync(layout[path], 'utf8')) as object;
      return [path, { ...document, updated_at: '' }];
    }),
  );
}

test('an update that is killed at any system call is made up for by the next', async () => {
  await using rig = await createRig();
  const expected = await prepare(rig);
  const { calls, error } = await attempt(rig, () => undefined);
  expect(error).toBeUndefined();
  for (let last = 1; last <= calls.length; last++) {
    const { layout } = await attempt(rig, (_, number) =>
      number > last ? { kind: 'error', code: 'EIO' } : undefined,
    );
    await expectSameAsWithoutFault(layout, expected);
  }
}, 120_000);

test('an update in which any change of the disk fails says so or succeeds, and the next is right', async () => {
  await using rig = await createRig();
  const expected = await prepare(rig);
  const { calls } = await attempt(rig, () => undefined);
  const changing = ['ftruncate', 'link', 'mkdir', 'rename', 'unlink', 'write'];
  const faults = singleFaults(
    calls.filter(({ operation }) => changing.includes(operation)),
    'ENOSPC',
  ).filter(({ fault }) => fault.kind === 'error' || fault.bytes === 1);
  for (const fault of faults) {
    const { title } = fault;
    const { layout, error } = await attempt(rig, (call) => fault.plan(call));
    if (error !== undefined) expect(error, title).toHaveProperty('code');
    await expectSameAsWithoutFault(layout, expected);
  }
}, 120_000);
