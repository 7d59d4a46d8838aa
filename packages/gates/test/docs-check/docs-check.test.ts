import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';

import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import { expect, test } from 'vitest';

import { docsCheck } from '../../src/docs-check/docs-check.js';
import type { GatePorts } from '../../src/gate/gate-ports.js';
import type { GateResult } from '../../src/gate/gate-result.js';
import type { DocsCheckSettings } from '../../src/settings/gate-settings.js';
import { createGateRig } from '../gate-rig.js';

interface Check {
  readonly settings?: DocsCheckSettings;
  readonly overrides?: Partial<GatePorts>;
}

/** Runs the gate on files in a folder without git, which is the same to all but the list of files. */
async function check(
  files: Record<string, string | Uint8Array | object>,
  { settings = {}, overrides = {} }: Check = {},
): Promise<GateResult> {
  await using rig = await createGateRig({ git: false });
  await rig.rig.write(files);
  return await rig.run(docsCheck, { settings: { 'docs-check': settings }, ...overrides });
}

async function said(...of: Parameters<typeof check>): Promise<readonly string[]> {
  const { findings } = await check(...of);
  return findings.map(({ file, line, rule, fix }) =>
    [`${file ?? ''}:${line ?? ''} ${rule}`, ...(fix === null ? [] : [fix])].join(': '),
  );
}

test('documents whose references lead somewhere pass', async () => {
  const result = await check(
    {
      'package.json': { scripts: { lint: 'x' } },
      'README.md':
        '# A title\n[a](docs/b.md) [b](docs) [c](#a-title) [d](docs/b.md#part-two-1) [e](https://x.example/)\n' +
        '`npm run lint` `codex-orchestrator start checks` `docs/b.md:3` [f](<docs/with blank.md>) ![g](/g.png)',
      'docs/b.md':
        '## Part two\n## Part `two`\n`docs/b.md` [up](../README.md#a-title) [g](with%20blank.md)',
      'docs/with blank.md': '<a id="x"></a>[x](#x)',
      'g.png': '',
    },
    { overrides: { pipelineIds: () => ['checks'] } },
  );
  expect(result).toEqual({
    gate: 'docs-check',
    outcome: 'passed',
    passes: true,
    findings: [],
    lines: ['✅ docs:check: OK'],
    facts: { documents: 3, references: 13 },
    override: null,
    warnings: [],
    written: [],
  });
});

test('each kind of broken reference is named with its line and what was probably meant', async () => {
  const result = await check(
    {
      'package.json': { scripts: { lint: 'x' } },
      'docs/one.md':
        '# Part one\n\n`npm run lnit`\n`codex-orchestrator start chekcs`\n`docs/oen.md`\n[a](oen.md)\n[b](#part-oen)\n[c](../../d)\n[e][f]',
    },
    { overrides: { pipelineIds: () => ['checks'] } },
  );
  expect(result.outcome).toBe('failed');
  expect(result.lines).toEqual([
    'docs/one.md: npm-script-missing: npm run lnit',
    'docs/one.md: pipeline-id-missing: codex-orchestrator start chekcs',
    'docs/one.md: backticked-path-missing: docs/oen.md',
    'docs/one.md: link-missing: oen.md',
    'docs/one.md: anchor-missing: #part-oen',
    'docs/one.md: link-escapes-root: ../../d',
    'docs/one.md: reference-undefined: [e][f]',
    '❌ docs:check: 7 error(s)',
  ]);
  expect(result.findings.map(({ line, fix }) => [line, fix])).toEqual([
    [3, 'Did you mean `npm run lint`?'],
    [4, 'Did you mean `codex-orchestrator start checks`?'],
    [5, 'Did you mean `docs/one.md`?'],
    [6, 'Did you mean `one.md`?'],
    [7, 'Did you mean `#part-one`?'],
    [8, null],
    [9, 'Define it: [f]: <target>'],
  ]);
});

test('links lead from the folder of their document', async () => {
  expect(
    await said({
      'docs/a.md': '[x](../gone.md) [y](docs/a.md) [z](../docs/a.md) [v](./) [w](..) [u](a.md/)',
    }),
  ).toEqual([
    'docs/a.md:1 link-missing',
    'docs/a.md:1 link-missing: Did you mean `a.md`?',
    'docs/a.md:1 link-missing: Did you mean `a.md`?',
  ]);
});

test('what is named exactly but for its case is missing', async () => {
  expect(await said({ 'README.md': '[a](Docs/A.md)\n`docs/A.md`', 'docs/a.md': '' })).toEqual([
    'README.md:1 link-missing',
    'README.md:2 backticked-path-missing: Did you mean `docs/a.md`?',
  ]);
});

test('what looks like a reference inside code or a comment is none', async () => {
  const text = '`[x](gone.md)`\n```\n[y](gone.md) # gone\n```\n<!-- [z](gone.md) -->\n[a](#gone)';
  expect(await said({ 'a.md': text })).toEqual(['a.md:6 anchor-missing']);
});

test('a path in backticks counts from the root or the folder of its document', async () => {
  const files = {
    'docs/a.md':
      '`src/b.ts` `src/c.ts` `src/gone.ts` `other/gone.ts` `src/` `src/b.ts/` `dist/gone.js` `.runs/gone`',
    'src/b.ts': '',
    'docs/src/c.ts': '',
    'dist/x': '',
    '.runs/x': '',
  };
  const { findings } = await check(files);
  expect(findings.map(({ message }) => message)).toEqual([
    '`src/gone.ts` does not exist',
    '`src/b.ts/` does not exist',
  ]);
});

test('scripts are those of the nearest package and of the root, or of any in another folder', async () => {
  const text =
    '`npm run near` `npm run root` `npm run far`\n`npm run far -w x`\n`npm run gone -w x`\n`npm run env`';
  const files = {
    'package.json': { scripts: { root: 'x' } },
    'packages/near/package.json': { scripts: { near: 'x' } },
    'packages/near/README.md': text,
    'packages/far/package.json': { scripts: { far: 'x' } },
  };
  expect(await said(files)).toEqual([
    'packages/near/README.md:1 npm-script-missing',
    'packages/near/README.md:3 npm-script-missing',
  ]);
});

test('yarn runs programs of packages too', async () => {
  const files = {
    'package.json': { devDependencies: { tsc: '1' } },
    'a.md': '`yarn run tsc` `npm run tsc`',
  };
  expect((await check(files)).lines[0]).toBe('a.md: npm-script-missing: npm run tsc');
});

test('headings of documents that are not checked themselves are known too', async () => {
  const files = {
    'README.md': '[a](src/notes.md#a) [b](src/notes.md#b) [c](src/code.ts#b)',
    'src/notes.md': '# A',
    'src/code.ts': '',
  };
  expect(await said(files)).toEqual(['README.md:1 anchor-missing']);
});

test('placeholders and pages of the host are left alone, results that git does not keep too', async () => {
  const text =
    '[a](docs/<id>.md) [b]({x}/y) [c](../../issues/new) [d](.runs/x/manifest.json) [e](out/y) [f](...)';
  expect(await said({ 'README.md': text })).toEqual([]);
});

test('references can be ignored by what they say', async () => {
  const files = { 'README.md': '`npm run a` [b](c/d.md) [e](f.md)' };
  const settings = { ignoreReferences: ['npm run *', 'c/**'] };
  expect((await check(files, { settings })).lines).toEqual([
    'README.md: link-missing: f.md',
    '❌ docs:check: 1 error(s)',
  ]);
});

test('a file of tasks may have as many lines as settings, policy or habit say', async () => {
  const files = { 'docs/TASKS.md': 'x\n'.repeat(451) };
  expect((await check(files)).lines[0]).toBe(
    'docs/TASKS.md: tasks-file-too-large: lines=451 max=450',
  );
  const withPolicy = { ...files, 'docs/tasks-archive-policy.json': { max_lines: 451 } };
  expect(await said(withPolicy)).toEqual([]);
  expect((await check(withPolicy, { settings: { tasksMaxLines: 10 } })).lines[0]).toContain(
    'max=10',
  );
  const other = { 'README.md': 'x', 'notes/T.md': 'a\nb' };
  const settings = { tasksFile: 'notes/T.md', tasksMaxLines: 1 };
  expect((await check(other, { settings })).lines[0]).toBe(
    'notes/T.md: tasks-file-too-large: lines=2 max=1',
  );
  expect(await said({ 'README.md': 'x' }, { settings })).toEqual([
    'notes/T.md: document-unreadable',
  ]);
});

test.each([
  ['no JSON', '{'],
  ['no object', '[]'],
  ['no number', '{"max_lines": "many"}'],
  ['no positive number', '{"max_lines": 0}'],
])('a policy that cannot be gone by is an error: %s', async (_name, text) => {
  const files = { 'docs/TASKS.md': 'x', 'docs/tasks-archive-policy.json': text };
  await expect(check(files)).rejects.toMatchObject({ code: 'INVALID_FILE' });
});

test.each(['{', '[]', 'null', '{"scripts": 1}', '\0'])(
  'a package.json that cannot be gone by is an error: %j',
  async (text) => {
    const files = { 'README.md': '`npm run a`', 'package.json': text };
    await expect(check(files)).rejects.toMatchObject({ code: 'INVALID_FILE' });
  },
);

test('documents that cannot be read are findings', async () => {
  await using rig = await createGateRig({ git: false });
  await rig.rig.write({
    'deep.md': `x\n\n${'>'.repeat(200)} [a](b)`,
    'large.md': 'x'.repeat(4 * 1024 * 1024 + 1),
    'wide.md': Buffer.from('\uFEFF[a](b)', 'utf16le'),
    'README.md': '[a](large.md#b) [c](pipe.md)',
  });
  symlinkSync('/etc/hostname', rig.rig.path('outside.md'));
  symlinkSync('gone.md', rig.rig.path('dangling.md'));
  symlinkSync('README.md', rig.rig.path('alias.md'));
  execFileSync('mkfifo', [rig.rig.path('pipe.md')]);
  const { findings } = await rig.run(docsCheck, {
    settings: { 'docs-check': { documents: ['*.md'] } },
  });
  expect(findings.map(({ file, rule, line }) => `${file ?? ''} ${rule} ${line ?? ''}`)).toEqual(
    expect.arrayContaining([
      'README.md anchor-missing 1',
      'dangling.md document-unreadable ',
      'deep.md document-unreadable 3',
      'large.md document-too-large ',
      'outside.md document-unreadable ',
      'wide.md document-unreadable ',
    ]),
  );
  expect(findings.filter(({ file }) => file === 'alias.md')).toEqual([]);
});

test('a link through a symlink that leads outside escapes, one that stays does not', async () => {
  await using rig = await createGateRig({ git: false });
  await rig.rig.write({
    'README.md': '[a](inside/a.md) [b](outside/hostname) [c](outside)',
    'docs/a.md': '',
  });
  symlinkSync('docs', rig.rig.path('inside'));
  symlinkSync('/etc', rig.rig.path('outside'));
  const { lines } = await rig.run(docsCheck);
  expect(lines).toEqual([
    'README.md: link-escapes-root: outside/hostname',
    'README.md: link-escapes-root: outside',
    '❌ docs:check: 2 error(s)',
  ]);
});

test('documents are those that git knows or would add, and nothing that was built or recorded', async () => {
  await using rig = await createGateRig();
  await rig.rig.write({
    '.gitignore': 'ignored/\n',
    'docs/known.md': '[a](gone)',
    'docs/removed.md': '[a](gone)',
    'packages/x/README.md': '[a](gone)',
    'packages/x/NOTES.md': '[a](gone)',
    'out/x.md': '[a](gone)',
    'docs/archives/x.md': '[a](gone)',
    'ignored/README.md': '[a](gone)',
  });
  rig.commit('all');
  rig.remove('docs/removed.md');
  await rig.write('tasks/new.md', '[a](gone) [b](../docs/removed.md) [c](../ignored/README.md)');
  const { lines } = await rig.run(docsCheck);
  expect(lines).toEqual([
    'docs/known.md: link-missing: gone',
    'packages/x/README.md: link-missing: gone',
    'tasks/new.md: link-missing: gone',
    'tasks/new.md: link-missing: ../docs/removed.md',
    '❌ docs:check: 4 error(s)',
  ]);
});

test('a repository without documents passes and says so, unless documents were asked for', async () => {
  expect(await check({ 'a.txt': '' })).toMatchObject({ outcome: 'not_applicable', passes: true });
  const settings = { documents: ['guide/**'] };
  expect(await check({ 'a.txt': '' }, { settings })).toMatchObject({
    outcome: 'failed',
    passes: false,
    findings: [{ rule: 'documents-missing' }],
  });
});

test('the disk is asked once for each path and folder, however often they are named', async () => {
  const calls: string[] = [];
  const fs: FileSystem = {
    ...nodeFileSystem,
    lstat: (path) => {
      calls.push(`lstat ${path}`);
      return nodeFileSystem.lstat(path);
    },
    readdir: (path) => {
      calls.push(`readdir ${path}`);
      return nodeFileSystem.readdir(path);
    },
  };
  const text = '[a](docs/b.md) [c](docs/gone.md) `docs/b.md` `docs/gone.md`\n'.repeat(50);
  await using rig = await createGateRig();
  await rig.rig.write({ 'README.md': text, 'docs/b.md': text });
  await rig.run(docsCheck, { fs });
  expect(calls.filter((call) => call.endsWith('/docs/b.md')).length).toBeLessThanOrEqual(3);
  expect(calls.filter((call) => call.startsWith('readdir')).length).toBeLessThanOrEqual(3);
});
