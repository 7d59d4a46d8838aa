import { chmod, mkdir, stat, symlink, truncate, writeFile } from 'node:fs/promises';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { createRig, createSeededRandom, faultyFileSystem } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { checkInstructions, loadInstructions } from '../src/instructions/load-instructions.js';
import { stampInstructions } from '../src/instructions/stamp-instructions.js';
import { digest } from './packs-rig.js';

function stamped(rest: string): string {
  return `<!-- codex:instruction-stamp ${digest(rest)} -->\n${rest}`;
}

test('without any file there are no instructions, at the cost of three looks', async () => {
  await using rig = await createRig();
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);

  expect(loadInstructions({ root: rig.root, fs, strict: true })).toEqual({
    ...{ hash: null, sources: [], warnings: [] },
  });
  expect(calls.map(({ operation }) => operation)).toEqual(['lstat', 'lstat', 'lstat']);
});

test('the hash is that of the trimmed texts, joined by a blank line', async () => {
  await using rig = await createRig();
  await rig.write({
    'AGENTS.md': `\uFEFF${stamped('\n# Root\r\n\r\n')}`,
    'docs/AGENTS.md': stamped('Docs'),
    '.agent/AGENTS.md': stamped('Agent\n').replace('-->\n', '-->\r\n'),
  });

  expect(loadInstructions({ root: rig.root, strict: true })).toEqual({
    hash: digest('# Root\n\nDocs\n\nAgent'),
    sources: ['AGENTS.md', 'docs/AGENTS.md', '.agent/AGENTS.md'],
    warnings: [],
  });
});

test('blank files and files with nothing behind the stamp are nothing', async () => {
  await using rig = await createRig();
  await rig.write({ 'AGENTS.md': '\uFEFF \n', 'docs/AGENTS.md': stamped(' \n') });

  expect(loadInstructions({ root: rig.root, strict: true })).toMatchObject({
    ...{ hash: null, sources: [] },
  });
});

test('files without a right stamp do not count, and say what to do', async () => {
  await using rig = await createRig();
  const changed = stamped('before\n').replace('before', 'after');
  const windows = stamped('a\nb\n').replaceAll('\n', '\r\n');
  await rig.write({
    ...{ 'AGENTS.md': 'x\n', 'docs/AGENTS.md': changed, '.agent/AGENTS.md': windows },
  });

  const { hash, sources, warnings } = loadInstructions({ root: rig.root });

  expect({ hash, sources }).toEqual({ hash: null, sources: [] });
  expect(warnings).toMatchObject([
    {
      code: 'STAMP_MISSING',
      path: 'AGENTS.md',
      message:
        'The instructions of AGENTS.md do not count: expected a first line ' +
        `<!-- codex:instruction-stamp ${digest('x\n')} -->, found none. ` +
        'Review them, then run: codex-orchestrator instructions stamp AGENTS.md',
    },
    {
      code: 'STAMP_WRONG',
      path: 'docs/AGENTS.md',
      message:
        'The instructions of docs/AGENTS.md do not count: their stamp is ' +
        `"${digest('before\n')}", expected ${digest('after\n')}: they were changed since ` +
        'somebody approved them. ' +
        'Review them, then run: codex-orchestrator instructions stamp docs/AGENTS.md',
    },
    { code: 'STAMP_WRONG', path: '.agent/AGENTS.md' },
  ]);
  expect(warnings[2]?.message).toContain('only the line breaks differ');
  expect(checkInstructions({ root: rig.root }).files).toEqual([
    {
      ...{ path: 'AGENTS.md', state: 'unstamped' },
      ...{ declaredStamp: null, expectedStamp: digest('x\n') },
    },
    {
      ...{ path: 'docs/AGENTS.md', state: 'changed' },
      ...{ declaredStamp: digest('before\n'), expectedStamp: digest('after\n') },
    },
    {
      ...{ path: '.agent/AGENTS.md', state: 'changed' },
      ...{ declaredStamp: digest('a\nb\n'), expectedStamp: digest('a\r\nb\r\n') },
    },
  ]);
});

test('one wrong file hides no other, and under strict rules it is an error', async () => {
  await using rig = await createRig();
  await rig.write({ 'AGENTS.md': 'x', 'docs/AGENTS.md': stamped('Docs') });

  const loading = loadInstructions({ root: rig.root });

  expect(loading).toMatchObject({ hash: digest('Docs'), sources: ['docs/AGENTS.md'] });
  expect(() => loadInstructions({ root: rig.root, strict: true })).toThrow(
    expect.objectContaining({
      code: 'INSTRUCTIONS_INVALID',
      path: 'AGENTS.md',
      problems: loading.warnings.map(({ message }) => message),
    }),
  );
});

test('ways out, folders, devices and huge files do not count and are not opened', async () => {
  await using outside = await createRig();
  await outside.write({ 'AGENTS.md': stamped('theirs') });
  const faulty = faultyFileSystem(nodeFileSystem, () => undefined);
  const { fs } = faulty;
  const plant = {
    'out of the root': (path: string) => symlink(outside.path('AGENTS.md'), path),
    nowhere: (path: string) => symlink('gone', path),
    ELOOP: (path: string) => symlink('AGENTS.md', path),
    folder: (path: string) => mkdir(path),
    root: (path: string) => symlink('/dev/zero', path),
    'more than the 1048576': async (path: string) => {
      await writeFile(path, stamped(''));
      await truncate(path, 2 * 1024 ** 3);
    },
  };
  for (const [why, make] of Object.entries(plant)) {
    await using rig = await createRig();
    await make(rig.path('AGENTS.md'));

    const { hash, warnings } = loadInstructions({ root: rig.root, fs });

    expect(hash).toBeNull();
    expect(warnings).toMatchObject([{ code: 'FILE_UNUSABLE' }]);
    expect(warnings[0]?.message).toContain(why);
    const { files, problems } = await stampInstructions({ root: rig.root, fs });
    expect(files).toEqual([]);
    expect(problems).toMatchObject([{ code: 'FILE_UNUSABLE' }]);
  }
  expect(faulty.count('open')).toBe(0);
  expect(await outside.read('AGENTS.md')).toBe(stamped('theirs'));
});

test('stamping makes files count, keeps their mode, and leaves right ones alone', async () => {
  await using rig = await createRig();
  const right = stamped('right\n');
  await rig.write({ 'AGENTS.md': '\uFEFF# A\r\n', '.agent/AGENTS.md': right });
  await chmod(rig.path('AGENTS.md'), 0o604);
  const { ino } = await stat(rig.path('.agent/AGENTS.md'));

  const planned = await stampInstructions({ root: rig.root, dryRun: true });
  expect(await rig.read('AGENTS.md')).toBe('\uFEFF# A\r\n');
  const done = await stampInstructions({ root: rig.root });

  expect(done).toEqual({
    files: [
      {
        ...{ path: 'AGENTS.md', oldStamp: null, newStamp: digest('# A\r\n') },
        ...{ isChanged: true, isWritten: true },
      },
      {
        ...{ path: '.agent/AGENTS.md', oldStamp: digest('right\n'), newStamp: digest('right\n') },
        ...{ isChanged: false, isWritten: false },
      },
    ],
    problems: [],
  });
  expect(planned.files.map(({ isChanged, isWritten }) => [isChanged, isWritten])).toEqual([
    [true, false],
    [false, false],
  ]);
  expect(await rig.read('AGENTS.md')).toBe(
    `\uFEFF<!-- codex:instruction-stamp ${digest('# A\r\n')} -->\r\n# A\r\n`,
  );
  const after = await stat(rig.path('AGENTS.md'));
  expect(after.mode & 0o777).toBe(0o604);
  expect((await stat(rig.path('.agent/AGENTS.md'))).ino).toBe(ino);
  expect(loadInstructions({ root: rig.root, strict: true }).sources).toHaveLength(2);
});

test('files can be named, inside the root alone', async () => {
  await using outside = await createRig();
  await outside.write({ 'x.md': 'x' });
  await using rig = await createRig();
  await rig.write({ 'team/rules.md': 'x', 'team/blank.md': '\n', 'AGENTS.md': 'untouched' });
  const paths = [
    'team/rules.md',
    outside.path('x.md'),
    '../x.md',
    'gone.md',
    'team/blank.md',
    'a\0',
  ];

  const { files, problems } = await stampInstructions({ root: rig.root, paths });

  expect(files).toMatchObject([{ path: 'team/rules.md', isWritten: true }]);
  expect(problems.map(({ code, path }) => [code, path])).toEqual([
    ['FILE_UNUSABLE', outside.path('x.md')],
    ['FILE_MISSING', '../x.md'],
    ['FILE_MISSING', 'gone.md'],
    ['FILE_EMPTY', 'team/blank.md'],
    ['FILE_UNUSABLE', 'a\0'],
  ]);
  expect(await rig.read('AGENTS.md')).toBe('untouched');
  expect(await outside.read('x.md')).toBe('x');
});

test('a write that fails is a problem and leaves the old file', async () => {
  await using rig = await createRig();
  await rig.write({ 'AGENTS.md': 'a', 'docs/AGENTS.md': 'b' });
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, nth }) =>
    operation === 'rename' && nth === 1 ? { kind: 'error', code: 'EIO' } : undefined,
  );

  const { files, problems } = await stampInstructions({ root: rig.root, fs });

  expect(files).toMatchObject([{ path: 'docs/AGENTS.md', isWritten: true }]);
  expect(problems).toMatchObject([{ code: 'STAMP_NOT_WRITTEN', path: 'AGENTS.md' }]);
  expect(await rig.read('AGENTS.md')).toBe('a');
  expect(await rig.list()).toEqual(['AGENTS.md', 'docs/AGENTS.md']);
});

test('no text crashes the loading, and what does not count is said', async () => {
  await using rig = await createRig();
  for (let seed = 1; seed <= 1000; seed += 1) {
    const random = createSeededRandom(seed);
    const bits = [
      ...['<!-- codex:instruction-stamp ', digest('x'), ' -->', '\n', '\r\n', '# x', 'x', '\uFEFF'],
      ...[' ', '```', '[a](b)', '-->', '\0', 'é'],
    ] as [string, ...string[]];
    const text = Array.from({ length: random.integer(0, 9) }, () => random.pick(bits)).join('');
    const bytes = Buffer.from(text);
    await rig.write({ 'AGENTS.md': seed % 7 === 0 ? bytes.subarray(0, -1) : bytes });

    const { hash, sources, warnings } = loadInstructions({ root: rig.root });

    const { files } = checkInstructions({ root: rig.root });
    const isRight = files[0]?.declaredStamp === files[0]?.expectedStamp;
    expect(hash !== null, `seed ${seed}`).toBe(sources.length === 1);
    if (hash !== null) expect(isRight, `seed ${seed}`).toBe(true);
    else expect(warnings.length === 1 || files[0]?.state === 'empty', `seed ${seed}`).toBe(true);
  }
});
