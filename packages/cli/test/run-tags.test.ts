import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { readCommit } from '../src/run-facts/read-commit.js';
import { call, onlyJson } from './call.js';
import { pipelineOf } from './pipeline-of.js';

const commit = '3f786850e387550fdab836ed7e6dc881de23001b';
const other = '89e6c98d92887913cadf06b2adb97f26cde4849b';

async function rigWithStage(command = 'true'): Promise<Rig> {
  const rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command }) });
  return rig;
}

async function entriesOf(rig: Rig): Promise<Record<string, unknown>[]> {
  const text = await rig.read('.runs/t/metrics.json');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a run keeps its tags and the commit that it began at, in its record and in the history', async () => {
  await using rig = await rigWithStage();
  await rig.write({
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.git/refs/heads/main': `${commit}\n`,
  });
  const answer = onlyJson(
    await call(['start', '--task=t', '--tag', 'warm,before,warm', '--format=json'], {
      cwd: rig.root,
      env: { CODEX_ORCHESTRATOR_TAGS: ' nightly , before' },
    }),
  );
  expect(await rig.readJson(String(answer['manifest']))).toMatchObject({
    options: { commit, tags: 'before,nightly,warm' },
  });
  expect(await entriesOf(rig)).toMatchObject([
    {
      commit,
      tags: ['before', 'nightly', 'warm'],
      journal_lines: expect.any(Number) as number,
      fsyncs: expect.any(Number) as number,
    },
  ]);
});

test('a run without tags, outside of a repository, says nothing of either', async () => {
  await using rig = await rigWithStage();
  const answer = onlyJson(await call(['start', '--task=t', '--format=json'], { cwd: rig.root }));
  const { options } = (await rig.readJson(String(answer['manifest']))) as { options: object };
  expect(options).toStrictEqual({});
  expect(await entriesOf(rig)).toMatchObject([{ commit: null, tags: [] }]);
});

test('what the journal and the waits for the disk cost is counted up to the end of the run', async () => {
  await using rig = await rigWithStage();
  const answer = onlyJson(await call(['start', '--task=t', '--format=json'], { cwd: rig.root }));
  const manifest = (await rig.readJson(String(answer['manifest']))) as {
    observability: { journal_lines: number; fsyncs: number };
  };
  const [entry] = (await entriesOf(rig)) as { journal_lines: number; fsyncs: number }[];
  const { journal_lines: lines, fsyncs } = manifest.observability;
  // Sealing says in the journal that the run is counted.
  expect(entry?.journal_lines).toBe(lines - 1);
  expect(entry?.fsyncs).toBeGreaterThan(0);
  expect(entry?.fsyncs).toBeLessThanOrEqual(fsyncs);
});

test('a resumed run keeps its tags and its commit, whatever the environment says by then', async () => {
  await using rig = await rigWithStage('test -e done');
  await rig.write({ '.git/HEAD': `${commit}\n` });
  await call(['start', '--task=t', '--tag=first'], { cwd: rig.root });
  await rig.write({ '.git/HEAD': `${other}\n`, done: '' });
  const answer = onlyJson(
    await call(['resume', '--format=json'], {
      cwd: rig.root,
      env: { CODEX_ORCHESTRATOR_TAGS: 'later' },
    }),
  );
  expect(await rig.readJson(String(answer['manifest']))).toMatchObject({
    attempt: 2,
    status: 'succeeded',
    options: { commit, tags: 'first' },
  });
});

test.each([
  ['a b', /letters, digits/],
  ['../x', /letters, digits/],
  [Array.from({ length: 17 }, (_, index) => `t${String(index)}`).join(','), /at most 16/],
])('the tags %j are refused before anything is written', async (tags, message) => {
  await using rig = await rigWithStage();
  const flagged = await call(['start', '--task=t', '--tag', tags, '--format=json'], {
    cwd: rig.root,
  });
  expect(flagged.exitCode).toBe(2);
  expect(onlyJson(flagged)['error']).toMatchObject({
    code: 'USAGE',
    message: expect.stringMatching(message) as string,
  });
  const named = await call(['start', '--task=t', '--format=json'], {
    cwd: rig.root,
    env: { CODEX_ORCHESTRATOR_TAGS: tags },
  });
  expect(named.exitCode).toBe(2);
  expect(onlyJson(named)['error']).toMatchObject({ code: 'INVALID_ENVIRONMENT' });
  expect(await rig.list()).toStrictEqual(['codex.orchestrator.json']);
});

test.each<[what: string, files: Record<string, string>, expected: string | null]>([
  ['a branch', { '.git/HEAD': 'ref: refs/heads/a/b\n', '.git/refs/heads/a/b': commit }, commit],
  ['no branch', { '.git/HEAD': commit }, commit],
  [
    'a packed branch',
    {
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.git/packed-refs': `# pack-refs with: peeled fully-peeled sorted \n${other} refs/heads/main-2\n${commit} refs/heads/main\n^${other}\n`,
    },
    commit,
  ],
  [
    'a linked work tree',
    {
      '.git': 'gitdir: repository/.git/worktrees/w\n',
      'repository/.git/worktrees/w/HEAD': 'ref: refs/heads/w\n',
      'repository/.git/worktrees/w/commondir': '../..\n',
      'repository/.git/refs/heads/w': commit,
    },
    commit,
  ],
  [
    'a submodule',
    {
      '.git': 'gitdir: outer/modules/m\n',
      'outer/modules/m/HEAD': 'ref: refs/heads/m\n',
      'outer/modules/m/refs/heads/m': commit,
    },
    commit,
  ],
  ['a branch without a commit', { '.git/HEAD': 'ref: refs/heads/main\n' }, null],
  ['a branch that leads out', { '.git/HEAD': 'ref: refs/../../x\n', x: commit }, null],
  ['something else', { '.git/HEAD': 'hello\n' }, null],
  ['a file that leads nowhere', { '.git': 'gitdir: nowhere\n' }, null],
  ['a folder without a head', { '.git/x': '' }, null],
])('the commit of %s', async (_what, files, expected) => {
  await using rig = await createRig();
  await rig.write(files);
  expect(readCommit(rig.root)).toBe(expected);
});

test('the commit is what git itself says, also in a folder below and in a linked work tree', async () => {
  await using rig = await createRig();
  const git = async (...argv: string[]): Promise<string> => {
    const identity = ['-c', 'user.name=n', '-c', 'user.email=e@example.org'];
    const { stdout } = await promisify(execFile)('git', [...identity, ...argv], { cwd: rig.root });
    return stdout.trim();
  };
  await git('init', '-q');
  await git('commit', '-q', '--allow-empty', '-m', 'one');
  await git('worktree', 'add', '-q', 'linked', '-b', 'other');
  await git('commit', '-q', '--allow-empty', '-m', 'two');
  await rig.write({ 'deep/below/file': '' });
  expect(readCommit(rig.path('deep/below'))).toBe(await git('rev-parse', 'HEAD'));
  expect(readCommit(rig.path('linked'))).toBe(await git('rev-parse', 'other'));
  await git('pack-refs', '--all');
  expect(readCommit(rig.path('linked'))).toBe(await git('rev-parse', 'other'));
});
