import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { createRig, createSeededRandom, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Rig, SeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { checkPacks, loadPacks } from '../src/packs/load-packs.js';
import { folder, manifestOf, rigWith, writePack } from './packs-rig.js';

async function withSource(rig: Rig, path: unknown): Promise<void> {
  const manifest = { id: 'bad', domain: 'd', stamp: 'x', system: 'ok.md', inject: [path] };
  await rig.write({ 'ok.md': 'fine', [manifestOf('bad')]: manifest });
}

/** Loads with a good pack beside the bad one, and says what is wrong with the bad one. */
function problemOf(root: string, fs = nodeFileSystem): { code: string; message: string } {
  const { packs, warnings } = loadPacks({ root, fs });
  expect(packs.map(({ id }) => id)).toEqual(['good']);
  expect(warnings).toHaveLength(1);
  return warnings[0] ?? { code: 'none', message: '' };
}

test.each([
  '../outside.md',
  'prompts/../../outside.md',
  '/etc/passwd',
  '\\\\server\\share',
  'C:\\secret.md',
  'c:secret.md',
  '',
  ' ',
  '.',
  'prompts/..',
  'a\nsystem:b.md',
  'a\0.md',
  'x'.repeat(5000),
  12,
  null,
  ['a.md'],
])('a manifest that names the source %j is invalid', async (path) => {
  await using rig = await rigWith({ name: 'good' });
  await withSource(rig, path);

  const { code, message } = problemOf(rig.root);

  expect(code).toBe('MANIFEST_INVALID');
  expect(message).toContain('expected inject[0] to be the path of a file');
  expect(message).not.toMatch(/[\n\0]/);
  expect(message.length).toBeLessThan(600);
});

test('symlinks that lead out of the root, nowhere or in a circle are refused', async () => {
  await using outside = await createRig();
  await outside.write({ 'secret.md': 'secret' });
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
  for (const [target, why] of [
    [outside.path('secret.md'), 'it leads out of the root'],
    ['/dev/zero', 'it leads out of the root'],
    ['../nowhere.md', 'it is a symlink that leads nowhere'],
    ['link.md', 'ELOOP'],
  ] as const) {
    await using rig = await rigWith({ name: 'good' });
    await withSource(rig, 'p/link.md');
    await mkdir(rig.path('p'));
    await symlink(target, rig.path('p/link.md'));

    const { code, message } = problemOf(rig.root, fs);

    expect(code).toBe('SOURCE_UNUSABLE');
    expect(message).toContain(why);
  }
  const opened = calls.filter(({ operation }) => operation === 'open').map(({ args }) => args[0]);
  expect(opened.every((path) => !String(path).endsWith('link.md'))).toBe(true);
});

test('a folder that leads out of the root is refused, of sources and of packs', async () => {
  await using outside = await rigWith({ name: 'theirs' });
  await using rig = await rigWith({ name: 'good' });
  await withSource(rig, 'p/prompts/theirs.md');
  await symlink(outside.root, rig.path('p'));
  expect(problemOf(rig.root).message).toContain('it leads out of the root');

  await rm(rig.path(folder, 'bad'), { recursive: true });
  await symlink(outside.path(folder, 'theirs'), rig.path(folder, 'bad'));
  const { code, message } = problemOf(rig.root);
  expect(code).toBe('MANIFEST_UNREADABLE');
  expect(message).toContain('it leads out of the root');
});

test('a manifest that is a symlink to nothing is not passed over', async () => {
  await using rig = await rigWith({ name: 'good' });
  await mkdir(rig.path(folder, 'bad'));
  await symlink('gone.json', rig.path(manifestOf('bad')));

  expect(problemOf(rig.root).message).toContain('it is a symlink that leads nowhere');
});

test('pipes, folders and files of 2 GB are refused without being opened', async () => {
  await using rig = await rigWith({ name: 'good' });
  await mkdir(rig.path('p/folder'), { recursive: true });
  execFileSync('mkfifo', [rig.path('p/pipe')]);
  await writeFile(rig.path('p/huge.md'), '');
  await truncate(rig.path('p/huge.md'), 2 * 1024 ** 3);
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);

  for (const [path, why] of [
    ['p/folder', 'it is a folder'],
    ['p/pipe', 'it is no regular file'],
    ['p/huge.md', 'it has 2147483648 bytes, more than the 1048576 that are read'],
  ] as const) {
    await withSource(rig, path);
    const { code, message } = problemOf(rig.root, fs);
    expect(code).toBe('SOURCE_UNUSABLE');
    expect(message).toContain(why);
  }

  const opened = calls.filter(({ operation }) => operation === 'open').map(({ args }) => args[0]);
  expect(opened.every((path) => !String(path).startsWith(rig.path('p/')))).toBe(true);
});

test('a device in place of a manifest is refused without being opened', async () => {
  await using rig = await rigWith({ name: 'good' });
  await mkdir(rig.path(folder, 'bad'));
  await symlink('/dev/zero', rig.path(manifestOf('bad')));

  expect(problemOf(rig.root).code).toBe('MANIFEST_UNREADABLE');
});

test.each([
  ['a missing source', undefined, 'SOURCE_MISSING'],
  ['a blank source', ' \n\t\uFEFF\n', 'SOURCE_EMPTY'],
  ['a source that is no text', Buffer.from([0x61, 0xff, 0xfe]), 'SOURCE_UNUSABLE'],
])('%s is a problem that names it', async (_name, content, expected) => {
  await using rig = await rigWith({ name: 'good' });
  await withSource(rig, 'p/source.md');
  if (content !== undefined) await rig.write({ 'p/source.md': content });

  const { code, message } = problemOf(rig.root);

  expect(code).toBe(expected);
  expect(message).toContain('at p/source.md');
  expect(message).toContain('codex-orchestrator packs stamp bad');
});

test('every source that is missing is named, each once', async () => {
  await using rig = await rigWith();
  const manifest = { id: 'a', domain: 'd', system: 'x.md', inject: ['y.md', 'x.md'] };
  await rig.write({ [manifestOf('a')]: manifest });

  const { problems } = checkPacks({ root: rig.root });

  expect(problems.map(({ path }) => path)).toEqual(['x.md', 'y.md']);
});

test.each([
  ['', 'not JSON'],
  ['{"id":', 'not JSON'],
  ['['.repeat(500_000), 'not JSON'],
  ['"text"', 'expected an object'],
  ['[]', 'expected an object'],
  ['null', 'expected an object'],
  [`${'['.repeat(9000)}${']'.repeat(9000)}`, 'expected an object'],
  [`{"id":${'['.repeat(9000)}${']'.repeat(9000)},"domain":1,"system":2}`, 'found a list'],
  ['{"__proto__":{"id":"x","domain":"d","system":"s"}}', 'expected id'],
  ['{"id":"x","domain":" ","system":"s"}', 'expected domain'],
  ['{"id":"a\\nb","domain":"d","system":"s"}', 'expected id'],
  ['{"id":"x","domain":"d"}', 'expected system'],
  ['{"id":"x","domain":"d","system":"s","inject":"s"}', 'expected inject to be a list'],
  ['{"id":"x","domain":"d","system":1e999}', 'found Infinity'],
])('the manifest %.40s is a problem', async (text, why) => {
  await using rig = await rigWith({ name: 'good' });
  await rig.write({ [manifestOf('bad')]: text });

  const { warnings, packs } = loadPacks({ root: rig.root });

  expect(packs.map(({ id }) => id)).toEqual(['good']);
  expect(warnings.map(({ message }) => message).join('\n')).toContain(why);
});

test.each(['lstat', 'open', 'fstat', 'read', 'close'])(
  'a disk that fails at %s costs the packs that it fails for, and no others in silence',
  async (operation) => {
    await using rig = await rigWith({ name: 'a' }, { name: 'b' });
    let calls = 0;
    const all = faultyFileSystem(nodeFileSystem, (call) => {
      if (call.operation === operation) calls += 1;
      return undefined;
    });
    loadPacks({ root: rig.root, fs: all.fs });
    expect(calls).toBeGreaterThan(0);

    for (let nth = 1; nth <= calls; nth += 1) {
      const faulty = faultyFileSystem(nodeFileSystem, (call) =>
        call.operation === operation && call.nth === nth
          ? { kind: 'error', code: 'EIO' }
          : undefined,
      );
      const { packs, warnings } = loadPacks({ root: rig.root, fs: faulty.fs });
      const used = packs.map(({ id }) => id);
      const lost = ['a', 'b'].filter((id) => !used.includes(id));
      expect(lost, `${operation} ${nth}`).not.toEqual([]);
      expect(warnings.map(({ packId, path }) => packId ?? path)).toEqual(
        lost.map((id) => expect.stringMatching(`^${id}$|/${id}/manifest.json$`) as string),
      );
      expect(faulty.unclosed()).toEqual([]);
    }
  },
);

const texts = ['', 'x', 'ok.md', '../x', '/x', 'a\nb', '\uFEFF', 'system', 'top', '0'] as const;

function randomValue(random: SeededRandom, depth: number): unknown {
  const kind = random.integer(0, depth > 0 ? 5 : 3);
  if (kind === 0) return random.pick([null, true, false]);
  if (kind === 1) return random.pick([0, -1, 1.5, 2 ** 53, -0]);
  if (kind <= 3) return random.pick(texts);
  const items = Array.from({ length: random.integer(0, 3) }, () => randomValue(random, depth - 1));
  return kind === 4 ? items : Object.fromEntries(items.map((item) => [random.pick(texts), item]));
}

function randomManifest(random: SeededRandom): unknown {
  const names = ['id', 'domain', 'system', 'stamp', 'inject', 'summarize', 'extract', 'optimize'];
  const settings = ['experienceSlots', 'policy', 'minReward', 'retrievalPolicy', '__proto__'];
  if (random.next() < 0.1) return randomValue(random, 3);
  const good: Record<string, unknown> = { id: 'x', domain: 'd', system: 'ok.md' };
  const manifest: Record<string, unknown> = {};
  for (const name of [...names, ...settings]) {
    if (name in good && random.next() < 0.8) manifest[name] = good[name];
    else if (random.next() < 0.4) manifest[name] = randomValue(random, 3);
  }
  return manifest;
}

test('no manifest crashes the loading or passes in silence', async () => {
  await using rig = await createRig();
  await writePack(rig, { name: 'good' });
  await rig.write({ 'ok.md': 'fine' });
  for (let seed = 1; seed <= 1500; seed += 1) {
    const text = JSON.stringify(randomManifest(createSeededRandom(seed)));
    const cut = seed % 10 === 0 ? text.slice(0, Math.floor(text.length / 2)) : text;
    await rig.write({ [manifestOf('random')]: cut });

    const { packs, warnings } = loadPacks({ root: rig.root });

    // No text above is a right stamp.
    expect(
      packs.map(({ id }) => id),
      `seed ${seed}: ${cut}`,
    ).toEqual(['good']);
    expect(warnings.length, `seed ${seed}: ${cut}`).toBeGreaterThan(0);
  }
});
