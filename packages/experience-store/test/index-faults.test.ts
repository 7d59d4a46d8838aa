import { appendFileSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';

import { nodeFileSystem, systemClock, systemRandom } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import { createRig, faultyFileSystem, singleFaults } from '@codex-orchestrator/testing';
import type { FaultyCall } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { updateIndex } from '../src/index/update-index.js';
import { createExperienceLayout } from '../src/layout.js';
import type { ExperienceLayout } from '../src/layout.js';
import { openExperienceStore } from '../src/store.js';
import { HistoryMaker, TASK } from './history-maker.js';
import { naiveAnswer } from './naive-log.js';

const real = { fs: nodeFileSystem, clock: systemClock, random: systemRandom };

interface Bench {
  readonly folders: { readonly runsDir: string; readonly outDir: string };
  readonly layout: ExperienceLayout;
  readonly maker: HistoryMaker;
  /** Everything as it was when the bench was made. */
  readonly restore: () => void;
}

/** A log whose index is behind. */
async function withBench(use: (bench: Bench) => Promise<void>): Promise<void> {
  await using rig = await createRig();
  const folders = { runsDir: rig.path('runs'), outDir: rig.path('out') };
  const layout = createExperienceLayout({ ...folders, taskId: TASK });
  const maker = new HistoryMaker(11);
  mkdirSync(layout.taskOutDir, { recursive: true });
  grow(layout, maker, 120);
  await updateIndex(layout, real);
  grow(layout, maker, 60);
  cpSync(rig.path('out'), rig.path('saved'), { recursive: true });
  const restore = (): void => {
    rmSync(rig.path('runs'), { recursive: true, force: true });
    rmSync(layout.taskOutDir, { recursive: true, force: true });
    cpSync(rig.path('saved'), rig.path('out'), { recursive: true });
  };
  await use({ folders, layout, maker, restore });
}

function grow(layout: ExperienceLayout, maker: HistoryMaker, appends: number): void {
  let text = '';
  for (let nth = 0; nth < appends; nth++) text += maker.append();
  appendFileSync(layout.logPath, text);
}

async function expectRight({ folders, layout, maker }: Bench, what: string): Promise<void> {
  const log = readFileSync(layout.logPath);
  const store = openExperienceStore(folders);
  const queries = maker.domains.map((domain) => ({ taskId: TASK, domain, limit: 10 }));
  const results = await store.fetchMany(queries);
  for (const [nth, query] of queries.entries()) {
    const found = results[nth]?.records.map(({ id, uses, seen }) => ({ id, uses, seen }));
    const expected = naiveAnswer(log, query).map(({ id, counters: { uses, seen } }) => ({
      ...{ id, uses, seen },
    }));
    expect(found, `${what}, domain ${query.domain}`).toEqual(expected);
  }
}

async function callsOf(run: (fs: FileSystem) => Promise<unknown>): Promise<readonly FaultyCall[]> {
  const faulty = faultyFileSystem(nodeFileSystem, () => undefined);
  await run(faulty.fs);
  return faulty.calls;
}

test('whatever single call of an update fails, answers stay right, files are closed, and the next update mends it', async () => {
  await withBench(async (bench) => {
    const { layout } = bench;
    const calls = await callsOf((fs) => updateIndex(layout, { ...real, fs }));
    for (const fault of singleFaults(calls)) {
      bench.restore();
      const faulty = faultyFileSystem(nodeFileSystem, (call) => fault.plan(call));
      await updateIndex(layout, { ...real, fs: faulty.fs }).catch(() => undefined);
      if (!fault.title.startsWith('close')) expect(faulty.unclosed(), fault.title).toEqual([]);
      await expectRight(bench, fault.title);
      rmSync(layout.lockPath, { force: true });
      await updateIndex(layout, real);
      await expectRight(bench, `${fault.title}, and an update`);
    }
  });
}, 120_000);

test('an updater that dies at any call leaves an index that is right or not used', async () => {
  await withBench(async (bench) => {
    const { layout } = bench;
    const calls = await callsOf((fs) => updateIndex(layout, { ...real, fs }));
    for (let last = 1; last <= calls.length; last++) {
      bench.restore();
      let made = 0;
      // Nothing that comes behind that call has any effect, as after a kill.
      const faulty = faultyFileSystem(nodeFileSystem, () =>
        ++made > last ? { kind: 'error', code: 'EIO' } : undefined,
      );
      await updateIndex(layout, { ...real, fs: faulty.fs }).catch(() => undefined);
      await expectRight(bench, `dead behind call ${last}`);
      rmSync(layout.lockPath, { force: true });
      grow(layout, bench.maker, 3);
      await updateIndex(layout, real);
      await expectRight(bench, `dead behind call ${last}, and an update`);
    }
  });
}, 120_000);

test('a domain file that is ahead of a header that was never written is used only for the log it was made from', async () => {
  await withBench(async (bench) => {
    const { layout, maker } = bench;
    copyFileSync(layout.indexPath, `${layout.indexPath}.saved`);
    await updateIndex(layout, real);
    copyFileSync(`${layout.indexPath}.saved`, layout.indexPath);
    await expectRight(bench, 'ahead');
    // The log loses what only the domain files have seen, and gets something else there.
    const { byteLength } = readFileSync(layout.logPath);
    nodeFileSystem.ftruncate(nodeFileSystem.open(layout.logPath, 'r+'), byteLength - 3000);
    appendFileSync(layout.logPath, '\n');
    grow(layout, maker, 200);
    await expectRight(bench, 'ahead of another log');
  });
});

test('a look-up answers although the index cannot be mended, and says so', async () => {
  await withBench(async (bench) => {
    const { folders, layout } = bench;
    rmSync(layout.indexPath);
    const faulty = faultyFileSystem(nodeFileSystem, ({ operation }) =>
      operation === 'write' ? { kind: 'error', code: 'ENOSPC' } : undefined,
    );
    const store = openExperienceStore({ ...folders, fs: faulty.fs });
    const query = { taskId: TASK, domain: 'alpha', limit: 5 };
    const result = await store.fetchTop(query);
    const expected = naiveAnswer(readFileSync(layout.logPath), query);
    expect(result.records.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    expect(result.problems.join()).toContain('could not be mended');
    expect(faulty.unclosed()).toEqual([]);
  });
});
