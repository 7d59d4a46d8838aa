import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

import { acquireLock, nodeFileSystem, systemClock, systemRandom } from '@codex-orchestrator/core';
import { createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { describe, expect, test } from 'vitest';

import type { FetchResult } from '../src/fetch/query.js';
import { updateIndex } from '../src/index/update-index.js';
import { createExperienceLayout } from '../src/layout.js';
import type { ExperienceLayout } from '../src/layout.js';
import { recoverReplacement } from '../src/log/replace-recover.js';
import type { ExperienceInput } from '../src/record/record.js';
import { openExperienceStore } from '../src/store.js';
import type { StoreOptions } from '../src/store.js';

const ports = { fs: nodeFileSystem, clock: systemClock, random: systemRandom };

function foldersOf(rig: Rig): Pick<StoreOptions, 'runsDir' | 'outDir'> {
  return { runsDir: rig.path('runs'), outDir: rig.path('out') };
}

interface Line {
  readonly id: string;
  readonly domain: string;
  readonly score: number;
  readonly createdAt?: string;
}

function writeLog(rig: Rig, taskId: string, lines: readonly Line[]): ExperienceLayout {
  const layout = createExperienceLayout({ ...foldersOf(rig), taskId });
  const text = lines.map(({ id, domain, score, createdAt = '2026-01-01T00:00:00.000Z' }) =>
    JSON.stringify({
      ...{ id, taskId, domain, createdAt, summary32: 'x'.repeat(400) },
      reward: { gtScore: score, relativeRank: 0 },
    }),
  );
  mkdirSync(layout.taskOutDir, { recursive: true });
  appendFileSync(layout.logPath, `${text.join('\n')}\n`);
  return layout;
}

function manyLines(count: number, domains: number): Line[] {
  return Array.from({ length: count }, (_, nth) => ({
    id: `e${nth}`,
    domain: `d${nth % domains}`,
    score: (nth * 7919) % 1000,
  }));
}

function inputOf(nth: number): ExperienceInput {
  return {
    ...{ runId: `r${nth}`, taskId: 't', domain: 'd', toolStats: [] },
    summary: `alpha beta ${'abcdefghijklmnopqrst'
      .split('')
      .map((each) => each.repeat(1 + ((nth * 31 + each.charCodeAt(0) * nth) % 7)))
      .join(' ')}`,
    reward: { gtScore: nth % 10, relativeRank: 0 },
  };
}

describe('a query that has no answer', () => {
  test('of a blank domain or without a limit reads nothing', async () => {
    await using rig = await createRig();
    const faulty = faultyFileSystem(nodeFileSystem, () => undefined);
    const store = openExperienceStore({ ...foldersOf(rig), fs: faulty.fs });
    for (const query of [
      { domain: ' ', limit: 3 },
      { domain: 'd', limit: 0 },
      { domain: 'd', limit: -1 },
    ]) {
      expect(await store.fetchTop({ ...query, taskId: 't' })).toMatchObject({
        records: [],
        source: 'empty',
      });
    }
    expect(faulty.calls).toEqual([]);
  });

  test('of a task without a log costs one failed look', async () => {
    await using rig = await createRig();
    const faulty = faultyFileSystem(nodeFileSystem, () => undefined);
    const store = openExperienceStore({ ...foldersOf(rig), fs: faulty.fs });
    const result = await store.fetchTop({ domain: 'd', limit: 3, taskId: 't' });
    expect(result).toMatchObject({ records: [], source: 'empty', cost: { filesOpened: 0 } });
    expect(faulty.calls.map(({ operation }) => operation)).toEqual(['stat']);
  });

  test('because it makes no sense is refused', async () => {
    await using rig = await createRig();
    const store = openExperienceStore(foldersOf(rig));
    const wrong = [
      { domain: 'd', limit: 1.5 },
      { domain: 'd', limit: Number.NaN },
      { domain: 'd', limit: 1, minReward: Infinity },
      { domain: 'd', limit: 1, taskId: '../up' },
    ];
    for (const query of wrong) {
      await expect(store.fetchTop(query)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    }
    expect(() => openExperienceStore({ ...foldersOf(rig), budgets: { maxLines: 0 } })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });
});

test('a look-up by the index reads the records, the fingerprint, the files of the index and the end of the log', async () => {
  await using rig = await createRig();
  const layout = writeLog(rig, 't', manyLines(20_000, 20));
  await updateIndex(layout, ports);
  const store = openExperienceStore(foldersOf(rig));
  const { records, source, cost } = await store.fetchTop({ domain: 'd3', limit: 5, taskId: 't' });
  expect(source).toBe('index');
  expect(records.map(({ reward }) => reward.gtScore)).toEqual(
    [...records.map(({ reward }) => reward.gtScore)].sort((a, b) => b - a),
  );
  // The log, the header and one domain.
  expect(cost.filesOpened).toBe(3);
  expect(cost.linesParsed).toBe(5);
  expect(cost.bytesRead).toBeLessThan(64 * 1024);
});

test('a domain that the index knows not to be there is answered without a scan', async () => {
  await using rig = await createRig();
  const layout = writeLog(rig, 't', manyLines(1000, 5));
  await updateIndex(layout, ports);
  const store = openExperienceStore(foldersOf(rig));
  const result = await store.fetchTop({ domain: 'nowhere', limit: 5, taskId: 't' });
  expect(result).toMatchObject({
    records: [],
    source: 'index',
    cost: { filesOpened: 2, linesParsed: 0 },
  });
});

test('what a scan had to find, the index has the next time', async () => {
  await using rig = await createRig();
  const layout = writeLog(rig, 't', manyLines(3000, 5));
  const query = { domain: 'd1', limit: 5, taskId: 't' };
  // By a store of its own, which remembers nothing.
  const look = (): Promise<FetchResult> => openExperienceStore(foldersOf(rig)).fetchTop(query);
  const first = await look();
  const second = await look();
  expect([first.source, second.source]).toEqual(['scan', 'index']);
  expect(second.records).toEqual(first.records);
  rmSync(layout.indexDir, { recursive: true });
  expect((await look()).source).toBe('scan');
  expect((await look()).source).toBe('index');
});

test('a log too large to be indexed at once gets an index of the domains that are looked up', async () => {
  await using rig = await createRig();
  writeLog(rig, 't', manyLines(40_000, 5));
  const sources = [];
  for (const domain of ['d1', 'd1', 'd2', 'd2', 'd1', 'none', 'none']) {
    // A store of its own, which remembers nothing.
    const store = openExperienceStore(foldersOf(rig));
    sources.push((await store.fetchTop({ domain, limit: 5, taskId: 't' })).source);
  }
  expect(sources).toEqual(['scan', 'index', 'scan', 'index', 'index', 'scan', 'index']);
});

describe('a budget', () => {
  test('ends a scan and says so, and takes nothing from what the index answers', async () => {
    await using rig = await createRig();
    const layout = writeLog(rig, 't', manyLines(2000, 4));
    const store = openExperienceStore({ ...foldersOf(rig), budgets: { maxLines: 100 } });
    const query = { domain: 'd1', limit: 50, taskId: 't' };
    const cut = await store.fetchTop(query);
    expect(cut).toMatchObject({ truncated: true, source: 'scan' });
    expect(cut.records).toHaveLength(25);
    await updateIndex(layout, ports);
    expect(await store.fetchTop({ ...query, limit: 10 })).toMatchObject({
      truncated: false,
      source: 'index',
    });
  });
});

describe('many queries', () => {
  test('look up each domain once, and give each query what it would get alone', async () => {
    await using rig = await createRig();
    const layout = writeLog(rig, 't', manyLines(5000, 6));
    await updateIndex(layout, ports);
    const store = openExperienceStore(foldersOf(rig));
    const queries = [
      { domain: 'd1', limit: 2, taskId: 't' },
      { domain: 'd2', limit: 3, taskId: 't' },
      { domain: 'd1', limit: 5, taskId: 't' },
      { domain: ' d1 ', limit: 4, minReward: 990, taskId: 't' },
      { domain: 'd2', limit: 1, taskId: 't' },
    ];
    const together = await store.fetchMany(queries);
    for (const [nth, query] of queries.entries()) {
      const alone = await store.fetchTop(query);
      expect(together[nth]?.records).toEqual(alone.records);
    }
    const sum = (member: 'filesOpened' | 'linesParsed'): number =>
      together.reduce((total, { cost }) => total + cost[member], 0);
    // The log, the header, two domains; of each as many records as the query that wants the most.
    expect(sum('filesOpened')).toBe(4);
    expect(sum('linesParsed')).toBe(5 + 3);
  });

  test('that need a scan share one', async () => {
    await using rig = await createRig();
    const layout = writeLog(rig, 't', manyLines(5000, 6));
    const { length } = readFileSync(layout.logPath);
    const reads: number[] = [];
    const faulty = faultyFileSystem(nodeFileSystem, ({ operation }) => {
      // Nobody may mend the index: it would read the log once more.
      return operation === 'link' || operation === 'mkdir'
        ? { kind: 'error', code: 'EROFS' }
        : undefined;
    });
    const store = openExperienceStore({ ...foldersOf(rig), fs: faulty.fs });
    const queries = ['d1', 'd2', 'd3', 'd1'].map((domain) => ({ domain, limit: 3, taskId: 't' }));
    for (const { cost } of await store.fetchMany(queries)) reads.push(cost.bytesRead);
    const total = reads.reduce((sum, each) => sum + each, 0);
    expect(total).toBeLessThan(length + 10_000);
    expect(
      faulty.calls.filter(
        ({ operation, args }) => operation === 'open' && args[0] === layout.logPath,
      ),
    ).toHaveLength(1);
  });
});

test('without a task, the answers of all are merged by their order, and equals by the names of the tasks', async () => {
  await using rig = await createRig();
  writeLog(rig, 'b', [
    { id: 'b1', domain: 'd', score: 2 },
    { id: 'b2', domain: 'd', score: 1 },
  ]);
  writeLog(rig, 'a', [
    { id: 'a1', domain: 'd', score: 2 },
    { id: 'a2', domain: 'd', score: 3 },
  ]);
  writeLog(rig, 'c', [{ id: 'c1', domain: 'other', score: 9 }]);
  await rig.write({ 'out/nothing/else.txt': '', 'out/file': '' });
  const store = openExperienceStore(foldersOf(rig));
  const { records } = await store.fetchTop({ domain: 'd', limit: 3 });
  expect(records.map(({ id, taskId }) => `${taskId}/${id}`)).toEqual(['a/a2', 'a/a1', 'b/b1']);
});

test('what is recorded is found at once, in a loop that brings the index up to date again and again', async () => {
  await using rig = await createRig();
  const store = openExperienceStore({ ...foldersOf(rig), similarityThreshold: 1 });
  const written: string[] = [];
  for (let nth = 0; nth < 250; nth++) {
    const { records } = await store.recordBatch([inputOf(nth)]);
    written.push(...records.map(({ id }) => id));
    if (nth % 10 !== 0) continue;
    const found = await store.fetchTop({ domain: 'd', limit: Infinity, taskId: 't' });
    expect(found.records.map(({ id }) => id).sort()).toEqual([...written].sort());
  }
  const layout = createExperienceLayout({ ...foldersOf(rig), taskId: 't' });
  const { covered } = await updateIndex(layout, ports);
  expect(covered).toBe(readFileSync(layout.logPath).byteLength);
});

test('notes change what the next look-up says of a record', async () => {
  await using rig = await createRig();
  writeLog(rig, 't', [
    { id: 'e1', domain: 'd', score: 1 },
    { id: 'e2', domain: 'd', score: 2 },
  ]);
  const store = openExperienceStore(foldersOf(rig));
  const head = { taskId: 't', createdAt: '2026-01-02T00:00:00.000Z' };
  const used = [{ id: 'e1', domain: 'd' }];
  await store.addNotes('t', [
    { note: 'outcome', ...head, runId: 'r', attempt: 1, outcome: 'helped', used },
    { note: 'pinned', ...head, id: 'e1', domain: 'd' },
    { note: 'forgotten', ...head, id: 'e2', domain: 'd' },
  ]);
  const { records } = await store.fetchTop({ domain: 'd', limit: 9, taskId: 't' });
  expect(records).toMatchObject([{ id: 'e1', uses: 1, helped: 1, harmed: 0, pinned: true }]);
  await expect(
    store.addNotes('t', [{ note: 'pinned', ...head, taskId: 'other', id: 'e1', domain: 'd' }]),
  ).rejects.toMatchObject({ code: 'INVALID_OPTION' });
});

test('a look-up that is aborted rejects with the reason', async () => {
  await using rig = await createRig();
  writeLog(rig, 't', manyLines(100, 2));
  const store = openExperienceStore(foldersOf(rig));
  const signal = AbortSignal.abort(new Error('not now'));
  await expect(store.fetchTop({ domain: 'd1', limit: 1, taskId: 't' }, { signal })).rejects.toThrow(
    'not now',
  );
});

test('a lesson that was forgotten before the index knew it is written anew when it comes again', async () => {
  await using rig = await createRig();
  const layout = createExperienceLayout({ ...foldersOf(rig), taskId: 't' });
  const store = openExperienceStore(foldersOf(rig));
  const [first] = (await store.recordBatch([inputOf(1)])).records;
  const head = { taskId: 't', createdAt: '2026-01-01T00:00:00.000Z' };
  await store.addNotes('t', [{ ...head, note: 'forgotten', id: first?.id ?? '', domain: 'd' }]);
  await updateIndex(layout, ports);

  const another = openExperienceStore(foldersOf(rig));
  const { records, merged } = await another.recordBatch([inputOf(1)]);
  expect(merged).toStrictEqual([]);
  expect(records).toHaveLength(1);
  const found = await another.fetchTop({ domain: 'd', limit: 3, taskId: 't' });
  expect(found.records.map(({ id }) => id)).toStrictEqual([records[0]?.id]);
});

describe('a store that is asked again', () => {
  const laterClock = { ...systemClock, nowMs: () => Date.now() + 60_000 };

  test('looks whether the log has changed, and at nothing else', async () => {
    await using rig = await createRig();
    writeLog(rig, 't', manyLines(500, 5));
    const calls: string[] = [];
    const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) => {
      calls.push(operation);
      return undefined;
    });
    const store = openExperienceStore({ ...foldersOf(rig), fs, clock: laterClock });
    const query = { domain: 'd1', limit: 3, taskId: 't' };
    const first = await store.fetchTop(query);
    calls.length = 0;
    const again = await store.fetchTop(query);
    expect(calls).toStrictEqual(['stat']);
    expect(again).toStrictEqual({
      ...first,
      source: 'memory',
      cost: { bytesRead: 0, linesParsed: 0, filesOpened: 0 },
    });
    // Another limit is another question.
    await store.fetchTop({ ...query, limit: 4 });
    expect(calls).toContain('open');
  });

  test.each([
    [
      'appended to',
      (path: string, line: string) => {
        appendFileSync(path, `${line}\n`);
      },
    ],
    [
      'edited without a change of its length',
      (path: string) => {
        writeFileSync(path, readFileSync(path, 'utf8').replaceAll('"e7"', '"z7"'));
      },
    ],
    [
      'replaced by another file',
      (path: string, line: string) => {
        rmSync(path);
        writeFileSync(path, `${line}\n`);
      },
    ],
    [
      'removed',
      (path: string) => {
        rmSync(path);
      },
    ],
  ])('answers anew from a log that was %s', async (_name, change) => {
    await using rig = await createRig();
    const { logPath } = writeLog(rig, 't', manyLines(50, 5));
    const store = openExperienceStore({ ...foldersOf(rig), clock: laterClock });
    const query = { domain: 'd2', limit: 4, taskId: 't' };
    await store.fetchTop(query);
    await store.fetchTop(query);
    const record = { id: 'new', taskId: 't', domain: 'd2', reward: { gtScore: 5000 } };
    change(logPath, JSON.stringify({ ...record, createdAt: '2026-02-01T00:00:00.000Z' }));
    const fresh = openExperienceStore({ ...foldersOf(rig), clock: laterClock });
    const { records } = await store.fetchTop(query);
    expect(records).toStrictEqual((await fresh.fetchTop(query)).records);
  });

  test('trusts no time stamp of a log that changed just now', async () => {
    await using rig = await createRig();
    writeLog(rig, 't', manyLines(50, 5));
    const store = openExperienceStore(foldersOf(rig));
    const query = { domain: 'd2', limit: 4, taskId: 't' };
    await store.fetchTop(query);
    const { cost } = await store.fetchTop(query);
    expect(cost.filesOpened).toBeGreaterThan(0);
  });

  test('keeps no more answers than it has room for, and right ones', async () => {
    await using rig = await createRig();
    writeLog(rig, 't', manyLines(400, 2));
    const store = openExperienceStore({ ...foldersOf(rig), clock: laterClock });
    // Some nine thousand records.
    for (let limit = 150; limit <= 200; limit++) {
      const { records } = await store.fetchTop({ domain: 'd1', limit, taskId: 't' });
      expect(records).toHaveLength(limit);
    }
    const [wide] = await store.fetchMany([{ domain: 'd1', limit: 200, taskId: 't' }]);
    expect(wide?.cost.filesOpened).toBe(0);
    const first = await store.fetchTop({ domain: 'd1', limit: 150, taskId: 't' });
    expect(first.cost.filesOpened).toBeGreaterThan(0);
  });
});

describe('while another file takes the place of the log', () => {
  /** As a collector leaves it between its last two steps: the line of `e9` came late and is in the old log. */
  function writeHalfReplaced(rig: Rig): ExperienceLayout {
    const lines = manyLines(10, 1);
    const layout = writeLog(rig, 't', lines);
    const whole = readFileSync(layout.logPath, 'utf8').split('\n');
    const copied = `${whole.slice(0, 9).join('\n')}\n`;
    writeFileSync(`${layout.logPath}.old-${Buffer.byteLength(copied)}`, whole.join('\n'));
    rmSync(layout.logPath);
    writeFileSync(layout.logPath, copied);
    return layout;
  }

  const query = { domain: 'd0', limit: 20, taskId: 't' };

  test('a look-up finds the lines that a killed collector has not carried over', async () => {
    await using rig = await createRig();
    writeHalfReplaced(rig);
    const { records, problems } = await openExperienceStore(foldersOf(rig)).fetchTop(query);
    expect(records.map(({ id }) => id)).toContain('e9');
    expect(problems).toStrictEqual([]);
  });

  test('a look-up waits for a collector that is at it', async () => {
    await using rig = await createRig();
    const layout = writeHalfReplaced(rig);
    const lock = await acquireLock(layout.lockPath);
    const looking = openExperienceStore(foldersOf(rig)).fetchTop(query);
    // Time enough for a look-up that waits for nobody.
    for (let turn = 0; turn < 5000; turn++) await new Promise(setImmediate);
    recoverReplacement(layout);
    await lock.release();
    expect((await looking).records.map(({ id }) => id)).toContain('e9');
  });
});
