import { symlinkSync } from 'node:fs';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { faultyFileSystem, singleFaults } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import type { GateError } from '../../src/errors.js';
import type { GatePorts } from '../../src/gate/gate-ports.js';
import type { GateResult } from '../../src/gate/gate-result.js';
import { tasksSync } from '../../src/tasks-sync/tasks-sync.js';
import { createGateRig } from '../gate-rig.js';
import type { GateRig } from '../gate-rig.js';

const checklistPath = 'tasks/tasks-0001-first.md';
const mirrorPath = '.agent/task/0001-first.md';
const tasksFile = 'docs/TASKS.md';
const checklist = [
  '# Task 0001 - First',
  '',
  '- Task: `0001-first`',
  '',
  '## Checklist',
  '',
  '### Foundation',
  '- [x] Begun - Evidence: `.runs/x/manifest.json`',
  '```sh',
  '### no heading',
  '```',
  '',
  '## Notes',
  '- none',
  '',
  '',
].join('\n');
const fix = { options: { fix: true } };

test('a repository without an index, or without checklists, has nothing to hold together', async () => {
  await using rig = await createGateRig({ git: false });
  expect(await run(rig)).toMatchObject({ outcome: 'not_applicable', passes: true });
  await writeIndex(rig, [first]);
  expect(await run(rig, fix)).toMatchObject({ outcome: 'not_applicable', written: [] });
  expect(await rig.rig.list()).toEqual(['tasks/index.json']);
});

test('an index that cannot be read is no pass', async () => {
  await using rig = await createGateRig({ git: false });
  await rig.write('tasks/index.json', '{"items": 1}');
  await expect(run(rig)).rejects.toMatchObject({ code: 'INVALID_FILE' });
  await writeIndex(rig, [7]);
  expect((await run(rig)).findings.map(({ rule }) => rule)).toEqual(['task-item-invalid']);
});

test('without a fix what is missing is told and nothing is written', async () => {
  await using rig = await createTask();
  const before = await rig.rig.list();
  const result = await run(rig);
  expect(result).toMatchObject({ outcome: 'failed', passes: false, written: [] });
  expect(result.findings.map(({ rule, file }) => [rule, file])).toEqual([
    ['mirror-missing', mirrorPath],
    ['block-missing', tasksFile],
  ]);
  expect(await rig.rig.list()).toEqual(before);
});

test('a fix writes the mirror and the block, and a second one writes nothing', async () => {
  await using rig = await createTask();
  await rig.write(tasksFile, '# All tasks\n\nBy hand');
  const fixed = await run(rig, fix);
  expect(fixed).toMatchObject({ outcome: 'passed', written: [mirrorPath, tasksFile] });
  const mirror = await rig.rig.read(mirrorPath);
  expect(mirror.split('\n')).toEqual([
    `<!-- Generated from ${checklistPath} by the gate tasks-sync: change that file, not this one. -->`,
    '# Task Checklist — The first (0001)',
    '',
    '## Foundation',
    '- [x] Begun - Evidence: `.runs/x/manifest.json`',
    '```sh',
    '### no heading',
    '```',
    '',
    '## Notes',
    '- none',
    '',
  ]);
  const tasks = await rig.rig.read(tasksFile);
  expect(tasks.split('\n')).toEqual([
    '# All tasks',
    '',
    'By hand',
    '',
    '<!-- docs-sync:begin 0001-first -->',
    '## Checklist Mirror',
    `Generated from \`${checklistPath}\`, as \`${mirrorPath}\` is: change the checklist, not this block.`,
    '',
    '### Foundation',
    ...mirror.split('\n').slice(4, 11),
    '<!-- docs-sync:end 0001-first -->',
    '',
  ]);
  const again = await run(rig, fix);
  expect(again).toMatchObject({ outcome: 'passed', written: [] });
  expect(again.lines).toEqual(['✅ docs:sync: OK (1 task)']);
  expect([await rig.rig.read(mirrorPath), await rig.rig.read(tasksFile)]).toEqual([mirror, tasks]);
});

test('a checklist that has changed makes both stale, and a fix touches nothing around the block', async () => {
  await using rig = await createTask();
  await run(rig, fix);
  const before = '\uFEFF# Tasks \t\r\n\n  odd \u2028 breaks\r\r\n';
  const after =
    '\r\n<!-- docs-sync:begin other -->\nhis own\n<!-- docs-sync:end other -->\n\n\n no end';
  const block = (await rig.rig.read(tasksFile)).slice('# Tasks\n\n'.length).trimEnd();
  await rig.write(tasksFile, before + block + after);
  expect((await run(rig)).outcome).toBe('passed');
  await rig.write(checklistPath, checklist.replace('[x]', '[ ]'));
  const result = await run(rig);
  expect(result.findings.map(({ rule, line }) => [rule, line])).toEqual([
    ['mirror-stale', null],
    ['block-stale', 4],
  ]);
  expect((await run(rig, fix)).outcome).toBe('passed');
  const text = await rig.rig.read(tasksFile);
  expect(text.startsWith(before)).toBe(true);
  expect(text.endsWith(after)).toBe(true);
  expect(text).toContain('- [ ] Begun');
});

test('files with the line breaks of Windows keep them', async () => {
  await using rig = await createTask();
  await rig.write(checklistPath, checklist.replaceAll('\n', '\r\n'));
  await rig.write(tasksFile, '# Tasks\r\n');
  await rig.write(mirrorPath, '# Old\r\n');
  await run(rig, fix);
  for (const path of [tasksFile, mirrorPath]) {
    const text = await rig.rig.read(path);
    expect(text.split('\r\n').length, path).toBe(text.split('\n').length);
  }
  expect((await run(rig, fix)).written).toEqual([]);
});

test.each([
  ['never ended', ['begin 0001-first', 'text']],
  ['there twice', ['begin 0001-first', 'end 0001-first', 'begin 0001-first', 'end 0001-first']],
  ['begun twice', ['begin 0001-first', 'begin 0001-first', 'end 0001-first']],
  ['ended first', ['end 0001-first', 'begin 0001-first']],
  ['interleaved', ['begin 0001-first', 'begin 0002', 'end 0001-first', 'end 0002']],
])('a block that is %s is damaged, and left to people', async (_, marks) => {
  await using rig = await createTask();
  const text = marks
    .map((mark) => (mark === 'text' ? mark : `<!-- docs-sync:${mark} -->`))
    .join('\n');
  await rig.write(tasksFile, text);
  const result = await run(rig, fix);
  expect(result.outcome).toBe('failed');
  expect(new Set(result.findings.map(({ rule }) => rule))).toEqual(new Set(['block-damaged']));
  expect(await rig.rig.read(tasksFile)).toBe(text);
});

test('a task that is finished needs no copies, but those that are there have to be right', async () => {
  await using rig = await createTask({ ...first, status: 'succeeded' });
  expect((await run(rig, fix)).written).toEqual([]);
  await rig.write(mirrorPath, '# Historical stub\n');
  expect((await run(rig)).outcome).toBe('passed');
  await rig.write(
    tasksFile,
    '<!-- docs-sync:begin 0001-first -->\n<!-- docs-sync:end 0001-first -->\n',
  );
  expect((await run(rig)).findings.map(({ rule }) => rule)).toEqual(['block-stale']);
});

test('what cannot be read or leads out of the repository is told, and never written over', async () => {
  await using rig = await createTask();
  await rig.write('docs/note.md', '');
  symlinkSync('/etc/hostname', rig.rig.path(tasksFile));
  await rig.write(mirrorPath, Buffer.from([0x23, 0x20, 0xff]));
  const result = await run(rig, fix);
  expect(result.findings.map(({ rule, file }) => [rule, file])).toEqual([
    ['document-unreadable', tasksFile],
    ['document-unreadable', mirrorPath],
  ]);
  expect(result.written).toEqual([]);
  await rig.write(checklistPath, Buffer.alloc(4 * 1024 * 1024 + 1, '-'));
  const rules = (await run(rig)).findings.map(({ rule }) => rule);
  expect(rules).toContain('document-too-large');
});

test('a fix that fails anywhere leaves whole files, and another one brings it to its end', async () => {
  await using rig = await createTask();
  const reset = async (): Promise<void> => {
    await rig.write(tasksFile, '# Tasks\n');
    await rig.write(mirrorPath, 'old\n');
  };
  await reset();
  const clean = faultyFileSystem(nodeFileSystem, () => undefined);
  await run(rig, { ...fix, fs: clean.fs });
  const read = (): Promise<string[]> =>
    Promise.all([tasksFile, mirrorPath].map((path) => rig.rig.read(path)));
  const [tasks, mirror] = await read();
  for (const fault of singleFaults(clean.calls)) {
    const { title } = fault;
    await reset();
    const faulty = faultyFileSystem(nodeFileSystem, (call) => fault.plan(call));
    const end = await run(rig, { ...fix, fs: faulty.fs }).then(
      ({ passes }) => passes,
      (error: unknown) => (error as GateError).code,
    );
    const [tasksNow, mirrorNow] = await read();
    expect(['# Tasks\n', tasks], title).toContain(tasksNow);
    expect(['old\n', mirror], title).toContain(mirrorNow);
    if (end === true) expect([tasksNow, mirrorNow], title).toEqual([tasks, mirror]);
    else expect([false, 'WRITE_FAILED', 'INVALID_FILE'], title).toContain(end);
    expect(faulty.unclosed(), title).toEqual([]);
    await run(rig, fix);
    expect(await read(), title).toEqual([tasks, mirror]);
  }
});

const first = { id: '0001', slug: 'first', title: 'The first', status: 'in_progress' };

async function createTask(item: object = first): Promise<GateRig> {
  const rig = await createGateRig({ git: false });
  await writeIndex(rig, [item]);
  await rig.write(checklistPath, checklist);
  return rig;
}

function writeIndex(rig: GateRig, items: readonly unknown[]): Promise<void> {
  return rig.write('tasks/index.json', JSON.stringify({ items, specs: [] }));
}

function run(rig: GateRig, overrides: Partial<GatePorts> = {}): Promise<GateResult> {
  return rig.run(tasksSync, overrides);
}
