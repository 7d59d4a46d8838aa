import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { findBase } from '../src/base/find-base.js';
import { calmEnvironment, commitAll, git } from './base-repository.js';

const env = calmEnvironment();

test('the base is where the branch was left, not what the others did there since', async () => {
  await using rig = await createRig();
  const { fork, head } = await branched(rig);
  const found = await findBase({ root: rig.path('work'), env });
  expect(found).toEqual({ ok: true, value: { commit: fork, ref: 'main', head } });
});

test('what the remote has of the default branch is asked before what is here', async () => {
  await using rig = await createRig();
  await branched(rig);
  const there = git(rig, 'work', 'rev-parse', 'main');
  git(rig, '.', 'clone', '--quiet', 'work', 'clone');
  // The local branch is older than that of the remote.
  git(rig, 'clone', 'branch', '--force', 'main', `${there}~1`);
  git(rig, 'clone', 'checkout', '--quiet', '--detach', there);
  const found = await findBase({ root: rig.path('clone'), env });
  expect(found).toMatchObject({ ok: true, value: { commit: there, ref: 'origin/main' } });
});

test('nx.json names the default branch', async () => {
  await using rig = await createRig();
  const { fork } = await branched(rig);
  git(rig, 'work', 'branch', '--move', 'main', 'trunk');
  await rig.write({ 'work/nx.json': { defaultBase: 'trunk' } });
  const found = await findBase({ root: rig.path('work'), env });
  expect(found).toMatchObject({ ok: true, value: { commit: fork, ref: 'trunk' } });
});

test('NX_BASE goes before the default branch, and what is asked for before NX_BASE', async () => {
  await using rig = await createRig();
  const { first, fork } = await branched(rig);
  const root = rig.path('work');
  const withNx = { ...env, NX_BASE: first };
  expect(await findBase({ root, env: withNx })).toMatchObject({ value: { commit: first } });
  const asked = await findBase({ root, ref: 'main', env: withNx });
  expect(asked).toMatchObject({ value: { commit: fork } });
  const zeros = { ...env, NX_BASE: '0'.repeat(40) };
  expect(await findBase({ root, env: zeros })).toMatchObject({ value: { commit: fork } });
});

test('a detached HEAD has a base as any other', async () => {
  await using rig = await createRig();
  const { fork, head } = await branched(rig);
  git(rig, 'work', 'checkout', '--quiet', '--detach', head);
  expect(await findBase({ root: rig.path('work'), env })).toMatchObject({
    value: { commit: fork },
  });
});

test('a clone that is too shallow says what to fetch', async () => {
  await using rig = await createRig();
  await branched(rig);
  const source = `file://${rig.path('work')}`;
  git(rig, '.', 'clone', '--quiet', '--depth=1', '--no-single-branch', source, 'shallow');
  const found = await findBase({ root: rig.path('shallow'), env });
  expect(found).toMatchObject({ ok: false, error: { code: 'SHALLOW_CLONE' } });
  const message = found.ok ? '' : found.error.message;
  expect(message).toContain('git fetch --deepen=100 origin main');
  expect(message).toContain('fetch-depth: 0');
  git(rig, 'shallow', 'fetch', '--quiet', '--deepen=100', 'origin', 'main', 'topic');
  expect(await findBase({ root: rig.path('shallow'), env })).toMatchObject({ ok: true });
});

test('each way of having no base has a code of its own', async () => {
  await using rig = await createRig();
  await rig.write({ 'plain/file': '', 'empty/file': '' });
  git(rig, 'empty', 'init', '--quiet');
  const { head } = await branched(rig);
  git(rig, 'work', 'checkout', '--quiet', '--orphan', 'island');
  git(rig, 'work', 'commit', '--quiet', '--allow-empty', '--message', 'apart');
  const codeOf = async (
    folder: string,
    ref?: string,
    variables: Record<string, string | undefined> = env,
  ): Promise<string> => {
    const found = await findBase({ root: rig.path(folder), ref, env: variables });
    return found.ok ? 'found' : found.error.code;
  };
  // The folder lies in no repository, whatever the folder of temporary files lies in.
  const outside = { ...env, GIT_CEILING_DIRECTORIES: rig.root };
  expect(await codeOf('plain', undefined, outside)).toBe('NO_REPOSITORY');
  expect(await codeOf('empty')).toBe('NO_COMMITS');
  expect(await codeOf('work', 'nowhere')).toBe('UNKNOWN_REF');
  expect(await codeOf('work', '--all')).toBe('UNKNOWN_REF');
  expect(await codeOf('work', head)).toBe('NO_COMMON_HISTORY');
  expect(await codeOf('work', head, { PATH: rig.path('plain') })).toBe('NO_GIT');
});

/** A repository whose branch `topic` was left behind by `main` and has a commit of its own. */
async function branched(rig: Rig): Promise<Record<'first' | 'fork' | 'head', string>> {
  await rig.write({ 'work/file': 'first' });
  const first = commitAll(rig, 'work', 'first');
  const fork = commitAll(rig, 'work', 'second');
  git(rig, 'work', 'checkout', '--quiet', '-b', 'topic');
  const head = commitAll(rig, 'work', 'ours');
  git(rig, 'work', 'checkout', '--quiet', 'main');
  commitAll(rig, 'work', 'theirs');
  git(rig, 'work', 'checkout', '--quiet', 'topic');
  return { first, fork, head };
}
