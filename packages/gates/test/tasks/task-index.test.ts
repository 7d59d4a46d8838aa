import { mkdirSync, symlinkSync } from 'node:fs';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { createRig, createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { GateError } from '../../src/errors.js';
import { findTask, parseTaskIndex, readTaskIndex } from '../../src/tasks/task-index.js';
import { keyFor, taskKeyOf } from '../../src/tasks/task-key.js';

const fs = nodeFileSystem;

test('a repository without an index of tasks has none', async () => {
  await using rig = await createRig();
  expect(readTaskIndex({ root: rig.root, fs })).toBeUndefined();
});

test('a task is what the index says of it, and members that nobody knows are kept', async () => {
  await using rig = await createRig();
  const item = {
    ...{ id: '0939', slug: 'gates', title: 'Gates', path: 'tasks/tasks-0939-gates.md' },
    ...{ kind: 'prd', status: 'in_progress', created_at: '2026-01-02', completed_at: null },
    gate: { phase: 'review', status: 'passed', log: '.runs/x', run_id: 'r1' },
    owner: 'somebody',
  };
  await rig.write({ 'tasks/index.json': `\uFEFF${JSON.stringify({ items: [item], specs: [1] })}` });
  const index = readTaskIndex({ root: rig.root, fs });
  expect(index?.problems).toEqual([]);
  expect(index?.document['specs']).toEqual([1]);
  expect(index?.items[0]).toMatchObject({
    ...{ key: '0939-gates', kind: 'prd', completedAt: null, createdAt: '2026-01-02' },
    gate: { phase: 'review', status: 'passed', log: '.runs/x', runId: 'r1' },
    ...{ checklistPath: 'tasks/tasks-0939-gates.md', position: 0, source: item },
  });
});

test.each([
  [{ id: '0939', slug: 'gates' }, '0939-gates'],
  [{ id: '0939', slug: '0939-gates' }, '0939-gates'],
  [{ slug: 'gates' }, 'gates'],
  [{ id: '0939', paths: ['docs/x.md', 'tasks/tasks-0939-a.md'] }, '0939-a'],
  [{ id: '0939', paths: ['.agent/task/0939-b.md'] }, '0939-b'],
  [{ id: '20260617-0939-c' }, '0939-c'],
  [{ id: 'linear-c' }, 'linear-c'],
  [{ id: '../../etc' }, undefined],
  [{ id: '0939', slug: 'a/b' }, undefined],
  [{}, undefined],
])('%j has the key %s', ({ id, slug, paths = [] }: Partial<Names>, key) => {
  expect(taskKeyOf({ id, slug, paths })).toBe(key);
});

interface Names {
  readonly id: string;
  readonly slug: string;
  readonly paths: readonly string[];
}

test('an item that cannot be understood is named and takes nothing from the others', () => {
  const items = [null, 7, {}, { id: '1', slug: 'a' }, { id: '1', slug: 'a' }, { id: '..' }];
  const index = parseTaskIndex(JSON.stringify({ items: [...items, { id: 3, slug: 'b' }] }));
  expect(index.items.map(({ key, id }) => [key, id])).toEqual([
    ['1-a', '1'],
    ['b', null],
  ]);
  expect(index.problems).toHaveLength(5);
});

test('a task is found by key, id or slug, and not where two are meant', () => {
  const items = [
    { id: '1', slug: 'a' },
    { id: '1', slug: 'b' },
    { id: '2', slug: 'c' },
  ];
  const index = parseTaskIndex(JSON.stringify({ items }));
  expect(['1-a', '1', 'c', '2'].map((name) => findTask(index, name)?.key)).toEqual([
    ...['1-a', undefined, '2-c', '2-c'],
  ]);
});

test('a name belongs to the longest key that it begins with', () => {
  const keys = ['1-a', '1-a-b', '1-ax'];
  expect(['1-a', '1-a-c', '1-a-b-c', '1-axe', '1'].map((name) => keyFor(name, keys))).toEqual([
    ...['1-a', '1-a', '1-a-b', undefined, undefined],
  ]);
});

test.each(['', '{', '[]', 'null', '7', '{}', '{"items":{}}', '\u0000'])(
  'an index that says %j is none that anything could be told from',
  (text) => {
    expect(() => parseTaskIndex(text)).toThrow(
      expect.objectContaining({ name: 'GateError', code: 'INVALID_FILE' }) as Error,
    );
  },
);

test('a folder, a way out of the repository and a file without end are no index', async () => {
  await using rig = await createRig();
  mkdirSync(rig.path('folder'));
  symlinkSync('/dev/zero', rig.path('device'));
  for (const path of ['folder', 'device', '../index.json']) {
    expect(() => readTaskIndex({ root: rig.root, fs }, path)).toThrow(GateError);
  }
});

test('an index of chance either is refused by its code or has safe keys alone', () => {
  const random = createSeededRandom(40);
  const valid = JSON.stringify({ items: [{ id: '0939', slug: 'gates', gate: { phase: 'x' } }] });
  for (let round = 0; round < 500; round += 1) {
    const at = random.integer(0, valid.length - 1);
    const insert = random.pick(['', '"', '{', '[', '/', '..', 'null', '1', '\\', ',']);
    const text = valid.slice(0, at) + insert + valid.slice(at + random.integer(0, 5));
    try {
      for (const { key } of parseTaskIndex(text).items) expect(key).not.toMatch(/[/\\]|^\./);
    } catch (error) {
      expect(error).toMatchObject({ code: 'INVALID_FILE' });
    }
  }
});
