import { createGit } from '@codex-orchestrator/exec';
import { expect, test } from 'vitest';

import type { GatePorts } from '../../src/gate/gate-ports.js';
import { changesSince } from '../../src/repository/changes-since.js';
import { openRepository } from '../../src/repository/open-repository.js';
import { resolveBase } from '../../src/repository/resolve-base.js';
import { createGateRig } from '../gate-rig.js';
import type { GateRig } from '../gate-rig.js';
import { recordGit } from './recorded-git.js';

test('The first base that somebody named counts, and one that does not exist is an error', async () => {
  await using rig = await createGateRig();
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => {
    rig.git('commit', '-q', '--allow-empty', '-m', name);
    return rig.git('rev-parse', 'HEAD');
  });
  rig.git('tag', '-a', 'release', '-m', 'release', b ?? '');
  const usual = rig.ports().environment;
  const setting = { name: 'gates.diff-budget.base', revision: d };
  const both = { ...usual, BASE_SHA: ` ${b ?? ''} `, DIFF_BUDGET_BASE: c ?? '' };
  const flag = rig.ports({ options: { base: a ?? '' }, environment: both });
  expect(await resolveBase(flag, setting)).toMatchObject({ id: a, source: '--base', from: a });
  const first = rig.ports({ environment: both });
  expect(await resolveBase(first, setting)).toMatchObject({ id: b, source: 'BASE_SHA' });
  const second = rig.ports({ environment: { ...both, BASE_SHA: ' ' } });
  expect(await resolveBase(second, setting)).toMatchObject({ id: c, source: 'DIFF_BUDGET_BASE' });
  expect(await resolveBase(rig.ports(), setting)).toMatchObject({ id: d, source: 'settings' });
  const tag = rig.ports({ options: { base: 'release' } });
  expect(await resolveBase(tag)).toMatchObject({ name: 'release', id: b });

  for (const base of ['nowhere', '0'.repeat(40), '--all', 'a..b', '^main', 'HEAD:']) {
    const environment = { ...usual, BASE_SHA: base };
    await expect(resolveBase(rig.ports({ environment }))).rejects.toMatchObject({
      code: 'INVALID_BASE',
      message: expect.stringContaining(`${JSON.stringify(base)} (BASE_SHA)`) as string,
    });
  }
  await expect(
    resolveBase(rig.ports(), { name: 'gates.diff-budget.base', revision: 'nowhere' }),
  ).rejects.toThrow('"nowhere" (gates.diff-budget.base)');
});

test('Without a named base, origin says where changes begin, and else the first commit does', async () => {
  await using origin = await createGateRig();
  await origin.write('a', 'one\n');
  const first = origin.commit('first');
  await using rig = await createGateRig({ git: false });
  rig.git('clone', '-q', origin.root, '.');
  await rig.write('b', 'one\n');
  rig.commit('work');
  await origin.write('c', 'one\n');
  const second = origin.commit('second');
  rig.git('fetch', '-q');
  const { ports, commands } = recordGit(rig.ports());
  const base = await resolveBase(ports);
  expect(base).toMatchObject({ name: 'origin/main', id: second, from: first, warnings: [] });
  // What origin went on with is nothing that was changed here.
  expect(await changesSince(ports, base)).toMatchObject([{ path: 'b' }]);
  expect(commands).toHaveLength(3);

  rig.git('branch', 'origin/main');
  expect(await resolveBase(rig.ports())).toMatchObject({ id: second });
  rig.git('update-ref', 'refs/remotes/origin/trunk', 'refs/remotes/origin/main');
  rig.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk');
  rig.git('update-ref', '-d', 'refs/remotes/origin/main');
  expect(await resolveBase(rig.ports())).toMatchObject({ source: 'origin/HEAD', from: first });
  rig.git('remote', 'remove', 'origin');
  rig.git('checkout', '-q', '--detach');
  expect(await resolveBase(rig.ports())).toMatchObject({
    source: 'root-commit',
    name: first,
    from: first,
  });
  rig.git('worktree', 'add', '-q', 'tree');
  await rig.write('tree/d', '');
  const inTree = rig.ports({ root: rig.rig.path('tree') });
  const changes = await changesSince(inTree, await resolveBase(inTree));
  expect(changes.map(({ path }) => path)).toEqual(['b', 'd']);
});

test('A base that has no commit in common with HEAD is compared with as it is, and that is said', async () => {
  await using rig = await createGateRig();
  await rig.write('a', 'one\n');
  const main = rig.commit('main');
  rig.git('checkout', '-q', '--orphan', 'other');
  await rig.write('b', 'one\n');
  const ports = rig.ports({ options: { base: 'main' } });
  expect(await resolveBase(ports)).toMatchObject({
    from: main,
    warnings: ['HEAD has no commit yet: the files are compared with main itself'],
  });
  rig.commit('other');
  const base = await resolveBase(ports);
  expect(base).toMatchObject({
    from: main,
    warnings: ['main and HEAD have no commit in common: the files are compared with main itself'],
  });
  expect(await changesSince(ports, base)).toMatchObject([{ path: 'b' }]);
});

test('A shallow clone that does not reach back to the base is an error that says what to fetch', async () => {
  await using origin = await createGateRig();
  await origin.write('a', 'one\n');
  origin.commit('first');
  origin.git('checkout', '-q', '-b', 'work');
  await origin.write('b', 'one\n');
  origin.commit('second');
  origin.git('checkout', '-q', 'main');
  await origin.write('c', 'one\n');
  origin.commit('third');
  await using clone = await createGateRig({ git: false });
  const source = `file://${origin.root}`;
  clone.git('clone', '-q', '--depth', '1', '--branch', 'work', source, '.');
  const refused = {
    code: 'INVALID_BASE',
    hint: expect.stringContaining('--unshallow') as string,
  };
  await expect(resolveBase(clone.ports())).rejects.toMatchObject(refused);
  const named = clone.ports({ options: { base: 'nowhere' } });
  await expect(resolveBase(named)).rejects.toMatchObject(refused);
  clone.git('fetch', '-q', '--depth', '1', 'origin', 'main:refs/remotes/origin/main');
  await expect(resolveBase(clone.ports())).rejects.toThrow('where "origin/main" and HEAD part');
  clone.git('fetch', '-q', '--unshallow', 'origin', 'main', 'work');
  const base = await resolveBase(clone.ports());
  expect(await changesSince(clone.ports(), base)).toMatchObject([{ path: 'b' }]);
});

test('In a repository without commits everything is new', async () => {
  await using rig = await createGateRig();
  await rig.write('staged', 'one\n');
  rig.git('add', '.');
  await rig.write('unknown', '');
  const base = await resolveBase(rig.ports());
  expect(base).toMatchObject({ source: 'no-commits', name: 'the empty tree' });
  expect(await changesSince(rig.ports(), base)).toMatchObject([
    { path: 'staged', status: 'added', added: 1 },
    { path: 'unknown', isUntracked: true },
  ]);
  const named = rig.ports({ options: { base: 'main' } });
  await expect(resolveBase(named)).rejects.toMatchObject({ code: 'INVALID_BASE' });
});

test('Where there is no git, no repository or no working tree, that is what is said', async () => {
  await using rig = await createGateRig({ git: false });
  await expect(openRepository(rig.ports())).rejects.toMatchObject({
    code: 'NOT_A_REPOSITORY',
    message: expect.stringContaining('not a git repository') as string,
  });
  await expect(
    openRepository(rig.ports({ git: gitOf(rig, { PATH: rig.root }) })),
  ).rejects.toMatchObject({
    code: 'NOT_A_REPOSITORY',
    hint: 'Install git, or put its folder on the PATH',
  });
  rig.git('init', '-q', '--bare');
  await expect(openRepository(rig.ports())).rejects.toMatchObject({
    code: 'NOT_A_REPOSITORY',
    message: expect.stringContaining('no working tree') as string,
  });
});

test('A git that is broken or ended is not taken for a repository that is not there', async () => {
  await using rig = await createGateRig();
  await rig.write('a', 'one\n');
  rig.commit('one');
  const base = await resolveBase(rig.ports());
  expect(await openRepository(rig.ports())).toMatchObject({ isShallow: false, isPart: false });
  const ended: GatePorts['git'] = () =>
    Promise.resolve({ exitCode: 130, output: '', complaint: 'git ended', hasWords: false });
  await expect(resolveBase(rig.ports({ git: ended }))).rejects.toMatchObject({ code: 'CANCELLED' });
  await rig.write('.git/index', 'none');
  await expect(changesSince(rig.ports(), base)).rejects.toMatchObject({ code: 'GIT_FAILED' });
  await rig.write('.git/config', '[broken');
  await expect(resolveBase(rig.ports())).rejects.toMatchObject({ code: 'GIT_FAILED' });
});

function gitOf({ root }: GateRig, environment: Record<string, string>) {
  return createGit({ folder: root, environment, signal: new AbortController().signal });
}
