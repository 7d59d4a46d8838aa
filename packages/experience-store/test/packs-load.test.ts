import { appendFile, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { faultyFileSystem } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { ExperienceError } from '../src/errors.js';
import { checkPacks, loadPacks } from '../src/packs/load-packs.js';
import type { PackLoading } from '../src/packs/load-packs.js';
import { digest, folder, manifestOf, rigWith, writePack } from './packs-rig.js';

function idsOf({ packs }: PackLoading): string[] {
  return packs.map(({ id }) => id);
}

function codesOf({ warnings }: PackLoading): string[] {
  return warnings.map(({ code }) => code);
}

test('without the folder of packs one listing fails and nothing else happens', async () => {
  await using rig = await rigWith();
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);

  expect(loadPacks({ root: rig.root, fs, strict: true })).toEqual({ packs: [], warnings: [] });
  expect(calls.map(({ operation }) => operation)).toEqual(['readdir']);
});

test('a pack has its sources in stamp order, trimmed, and its settings', async () => {
  await using rig = await rigWith();
  await rig.write({
    'p/b.md': '\uFEFF\n two \r\n',
    'p/a.md': 'one\n\n',
    'p/z.md': 'zero',
  });
  const stamp = digest('system:p/z.md\nzero\ninject:p/a.md\none\ninject:p/b.md\ntwo\n');
  await rig.write({
    [manifestOf('some')]: {
      id: 'x',
      domain: ' implementation ',
      stamp: stamp.toUpperCase(),
      ...{ experienceSlots: 3, policy: 'diverse', minReward: -0.5, other: [1] },
      system: './p//z.md',
      inject: ['p/b.md', 'p/q/../a.md'],
      optimize: null,
    },
  });

  expect(loadPacks({ root: rig.root, strict: true })).toEqual({
    packs: [
      {
        id: 'x',
        domain: 'implementation',
        stamp,
        experienceSlots: 3,
        policy: 'diverse',
        minReward: -0.5,
        sources: [
          { section: 'system', path: 'p/z.md', content: 'zero' },
          { section: 'inject', path: 'p/a.md', content: 'one' },
          { section: 'inject', path: 'p/b.md', content: 'two' },
        ],
        manifestPath: manifestOf('some'),
        isStamped: true,
      },
    ],
    warnings: [],
  });
});

test('packs of another program are read as it left them', async () => {
  await using rig = await rigWith();
  const path = '.agent/prompts/pack-00.md';
  await rig.write({
    [path]: '# Pack 0\nBe brief.\n',
    [manifestOf('pack-00')]: {
      ...{ id: 'pack-00', domain: 'implementation', experienceSlots: 3 },
      ...{ system: path, inject: [path] },
      stamp: 'b077fb39efc649c6b3b49b1ef09a0acc47ea2cf2609c5931b654fc00018dd8ec',
    },
  });

  const { packs } = loadPacks({ root: rig.root, strict: true });

  expect(packs).toMatchObject([
    { stamp: 'b077fb39efc649c6b3b49b1ef09a0acc47ea2cf2609c5931b654fc00018dd8ec', policy: null },
  ]);
});

test('a stamp that covers settings does not fit other settings', async () => {
  await using rig = await rigWith();
  const path = '.agent/prompts/pack-00.md';
  const rest = { id: 'p', domain: 'd', system: path, inject: [path] };
  const stamp = 'b077fb39efc649c6b3b49b1ef09a0acc47ea2cf2609c5931b654fc00018dd8ec';
  await rig.write({ [path]: '# Pack 0\nBe brief.\n' });
  for (const experienceSlots of [4, '3', undefined]) {
    await rig.write({ [manifestOf('p')]: { ...rest, stamp, experienceSlots } });
    expect(codesOf(loadPacks({ root: rig.root }))).toContain('STAMP_WRONG');
  }
});

test('packs are ordered by domain, then by id, by code units', async () => {
  const pack = (name: string, domain: string) => ({ name, manifest: { domain } });
  await using rig = await rigWith(
    ...[pack('a', 'z'), pack('b', 'B'), pack('é', 'a'), pack('Z', 'a'), pack('c', 'a')],
  );

  expect(idsOf(loadPacks({ root: rig.root, strict: true }))).toEqual(['b', 'Z', 'c', 'é', 'a']);
});

test('a file is read once, whatever names it', async () => {
  await using rig = await rigWith();
  const content = 'shared';
  await rig.write({ 'p/shared.md': content });
  const sections = ['system', 'inject', 'summarize', 'extract', 'optimize'];
  const stamp = digest(sections.map((section) => `${section}:p/shared.md\n${content}\n`).join(''));
  const lists = Object.fromEntries(sections.slice(1).map((name) => [name, ['./p/shared.md']]));
  for (const id of ['a', 'b', 'c']) {
    const manifest = { id, domain: 'd', stamp, ...lists, system: 'p/shared.md' };
    await rig.write({ [manifestOf(id)]: manifest });
  }
  const faulty = faultyFileSystem(nodeFileSystem, () => undefined);
  const { fs, calls } = faulty;

  expect(idsOf(loadPacks({ root: rig.root, fs, strict: true }))).toEqual(['a', 'b', 'c']);

  const opened = calls.filter(({ operation }) => operation === 'open').map(({ args }) => args[0]);
  expect(opened.filter((path) => path === rig.path('p/shared.md'))).toHaveLength(1);
  expect(opened).toHaveLength(4);
  expect(faulty.unclosed()).toEqual([]);
});

test('what changed since it was stamped is not used, and says what to do', async () => {
  await using rig = await rigWith({ name: 'good' }, { name: "it's changed" });
  await appendFile(rig.path("prompts/it's changed.md"), 'more');
  const declared = digest("system:prompts/it's changed.md\ncontent of it's changed\n");
  const now = digest("system:prompts/it's changed.md\ncontent of it's changed\nmore\n");

  const loading = loadPacks({ root: rig.root });

  expect(idsOf(loading)).toEqual(['good']);
  expect(loading.warnings).toEqual([
    {
      code: 'STAMP_WRONG',
      packId: "it's changed",
      path: manifestOf("it's changed"),
      message:
        `Pack "it's changed" (${manifestOf("it's changed")}) is not used: its stamp is "${declared}", ` +
        `expected ${now} for its sources as they are: something that it covers was changed since ` +
        "somebody approved it. Review its sources, then run: codex-orchestrator packs stamp 'it'\\''s changed'",
    },
  ]);
});

test.each([
  [undefined, 'STAMP_MISSING', 'it has no stamp'],
  [null, 'STAMP_MISSING', 'it has no stamp'],
  ['', 'STAMP_MISSING', 'it has no stamp'],
  [12, 'STAMP_WRONG', 'a stamp has 64 hexadecimal digits'],
  ['abc', 'STAMP_WRONG', 'a stamp has 64 hexadecimal digits'],
  ['0'.repeat(64), 'STAMP_WRONG', 'was changed since'],
])('a pack with the stamp %j is not used', async (stamp, code, why) => {
  await using rig = await rigWith({ name: 'a' }, { name: 'b', manifest: { stamp } });

  const loading = loadPacks({ root: rig.root });

  expect(idsOf(loading)).toEqual(['a']);
  expect(loading.warnings).toMatchObject([{ code, packId: 'b' }]);
  expect(loading.warnings[0]?.message).toContain(why);
  expect(checkPacks({ root: rig.root }).packs).toMatchObject([
    { id: 'a', isStamped: true },
    { id: 'b', isStamped: false, stamp: digest('system:prompts/b.md\ncontent of b\n') },
  ]);
});

test('under strict rules all that is wrong with any pack is one error', async () => {
  await using rig = await rigWith(
    { name: 'a', manifest: { stamp: 'x' } },
    { name: 'b', manifest: { experienceSlots: -1 } },
    { name: 'c' },
  );
  const warnings = loadPacks({ root: rig.root }).warnings.map(({ message }) => message);
  expect(warnings).toHaveLength(2);

  let thrown: unknown;
  try {
    loadPacks({ root: rig.root, strict: true });
  } catch (error) {
    thrown = error;
  }

  expect(thrown).toBeInstanceOf(ExperienceError);
  expect(thrown).toMatchObject({ code: 'PACK_INVALID', problems: warnings, path: manifestOf('a') });
  expect(String(thrown)).toContain('(and 1 more)');
});

test.each([
  ['experienceSlots', [-1, 1.5, '3', null, 2 ** 60], 'experienceSlots', 0],
  ['policy', ['best', 1, null], 'policy', null],
  ['minReward', ['1', null, {}], 'minReward', null],
])('a wrong %s costs itself only', async (name, values, member, fallback) => {
  await using rig = await rigWith();
  for (const value of values) {
    await writePack(rig, { name: 'a', manifest: { [name]: value } });
    const loading = loadPacks({ root: rig.root });
    expect(codesOf(loading), JSON.stringify(value)).toEqual(['SETTING_INVALID']);
    expect(loading.warnings[0]?.message).toContain(`expected ${name} to be`);
    expect(loading.packs).toMatchObject([{ id: 'a', [member]: fallback }]);
  }
});

test('a repeated id is a problem, and the first that is stamped rightly is used', async () => {
  const twin = { id: 'twin' };
  await using rig = await rigWith(
    { name: 'a', manifest: { ...twin, stamp: 'x' } },
    { name: 'b', manifest: twin },
    { name: 'c', manifest: twin },
  );

  const loading = loadPacks({ root: rig.root });

  expect(loading.packs.map(({ manifestPath }) => manifestPath)).toEqual([manifestOf('b')]);
  expect(loading.warnings).toMatchObject([
    { code: 'STAMP_WRONG', path: manifestOf('a') },
    { code: 'ID_REPEATED', path: manifestOf('b') },
    { code: 'ID_REPEATED', path: manifestOf('c') },
  ]);
});

test('at most 256 packs are used, the first by the names of their folders', async () => {
  await using rig = await rigWith();
  for (let at = 0; at < 258; at += 1) {
    await writePack(rig, { name: `p${1000 + at}`, manifest: at === 0 ? { id: 'p1001' } : {} });
  }

  const loading = loadPacks({ root: rig.root });

  expect(loading.packs).toHaveLength(255);
  expect(loading.warnings).toMatchObject([
    { code: 'ID_REPEATED' },
    { code: 'TOO_MANY_PACKS', path: manifestOf('p1256') },
  ]);
});

test('a pack of the most sources is read, and one with more is not', async () => {
  await using rig = await rigWith();
  const line = (section: string) => `${section}:p.md\nx\n`;
  const stamp = digest(line('system') + line('inject').repeat(255));
  const manifest = { id: 'a', domain: 'd', stamp, system: 'p.md' };
  await rig.write({ 'p.md': 'x' });

  await rig.write({ [manifestOf('a')]: { ...manifest, inject: Array(255).fill('p.md') } });
  expect(idsOf(loadPacks({ root: rig.root, strict: true }))).toEqual(['a']);
  await rig.write({ [manifestOf('a')]: { ...manifest, inject: Array(256).fill('p.md') } });
  expect(loadPacks({ root: rig.root }).warnings[0]?.message).toContain('at most 256 sources');
});

test('what is no pack beside packs is nothing', async () => {
  await using rig = await rigWith({ name: 'a' });
  await rig.write({ [`${folder}/README.md`]: 'notes', [`${folder}/drafts/x.md`]: 'notes' });
  await mkdir(rig.path(folder, 'empty'));

  expect(idsOf(loadPacks({ root: rig.root, strict: true }))).toEqual(['a']);
});

test('a file in place of the folder of packs is a problem', async () => {
  await using rig = await rigWith();
  await rig.write({ [folder]: 'no folder' });

  expect(codesOf(loadPacks({ root: rig.root }))).toEqual(['FOLDER_UNREADABLE']);
});

test('packs reached by symlinks that stay inside are used', async () => {
  await using rig = await rigWith({ name: 'a' });
  await rig.write({ 'elsewhere/manifest.json': await rig.read(manifestOf('a')) });
  await rm(rig.path(folder, 'a'), { recursive: true });
  await symlink(rig.path('elsewhere'), rig.path(folder, 'a'));
  await rm(rig.path('prompts/a.md'));
  await writeFile(rig.path('real.md'), 'content of a');
  await symlink('../real.md', rig.path('prompts/a.md'));

  expect(idsOf(loadPacks({ root: rig.root, strict: true }))).toEqual(['a']);
});

test('a file that grows past the limit between look and read is not used', async () => {
  await using rig = await rigWith({ name: 'a' }, { name: 'b' });
  const path = rig.path('prompts/b.md');
  await truncate(path, 1024 * 1024);
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, args }) => {
    if (operation === 'open' && args[0] === path) {
      const fd = nodeFileSystem.open(path, 'a');
      nodeFileSystem.write(fd, Buffer.from('x'), null);
      nodeFileSystem.close(fd);
    }
    return undefined;
  });

  const loading = loadPacks({ root: rig.root, fs });

  expect(idsOf(loading)).toEqual(['a']);
  expect(loading.warnings[0]?.message).toContain('larger than 1048576 bytes');
});
