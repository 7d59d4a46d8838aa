import { chmod } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { cleanGitEnvironment, createGit } from '../src/git.js';
import type { Git, GitSettings } from '../src/git.js';

const path = process.env['PATH'] ?? '';

/** The git of a folder, as a caller with this environment starts it. */
function gitIn({ root }: Rig, settings: Partial<GitSettings> = {}): Git {
  const { signal } = new AbortController();
  return createGit({ folder: root, environment: { PATH: path, HOME: root }, signal, ...settings });
}

/** The same, but of a program of ours that is called git. */
async function fakeGit(rig: Rig, script: string, signal?: AbortSignal): Promise<Git> {
  await rig.write({ 'bin/git': `#!/bin/sh\n${script}\n` });
  await chmod(rig.path('bin/git'), 0o755);
  const environment = { PATH: `${rig.path('bin')}:${path}` };
  return gitIn(rig, { environment, ...(signal && { signal }) });
}

test('Nothing of the environment of the caller leads git elsewhere', async () => {
  await using rig = await createRig();
  await rig.write({ 'other/file': '' });
  await gitIn(rig)(['init', '-q']);
  await gitIn(rig)(['init', '-q', 'other']);
  const environment = {
    PATH: path,
    HOME: rig.root,
    GIT_DIR: rig.path('other/.git'),
    GIT_WORK_TREE: rig.path('other'),
    GIT_INDEX_FILE: rig.path('nowhere'),
    GIT_EXTERNAL_DIFF: 'false',
    LANG: 'de_DE.UTF-8',
  };
  const answer = await gitIn(rig, { environment })(['rev-parse', '--show-toplevel']);
  expect(answer).toEqual({ exitCode: 0, output: `${rig.root}\n`, complaint: '', hasWords: false });
  const meant = gitIn(rig, { environment, env: { GIT_DIR: rig.path('other/.git') } });
  const asked = await meant(['rev-parse', '--absolute-git-dir']);
  expect(asked.output).toBe(`${rig.path('other/.git')}\n`);

  const clean = cleanGitEnvironment({ ...environment, GIT_CONFIG_GLOBAL: '/x', GIT_CONFIG: '/y' });
  expect(clean).toMatchObject({ PATH: path, GIT_CONFIG_GLOBAL: '/x', LC_ALL: 'C' });
  expect(clean).toMatchObject({ GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' });
  for (const name of [
    'GIT_DIR',
    'GIT_WORK_TREE',
    'GIT_INDEX_FILE',
    'GIT_EXTERNAL_DIFF',
    'GIT_CONFIG',
  ]) {
    expect(clean).not.toHaveProperty(name);
  }
});

test('Programs that the configuration of the repository names for every command are not run', async () => {
  await using rig = await createRig();
  const git = gitIn(rig);
  await rig.write({ 'ran.sh': '#!/bin/sh\ntouch "$HOME/ran"\n', file: '' });
  await chmod(rig.path('ran.sh'), 0o755);
  await git(['init', '-q']);
  await git(['config', 'core.fsmonitor', rig.path('ran.sh')]);
  await git(['config', 'core.pager', rig.path('ran.sh')]);
  expect(await git(['status', '--short', '--', 'file'])).toMatchObject({ output: '?? file\n' });
  expect(await rig.list()).not.toContain('ran');
});

test('What git says was wrong is one line, and how it ended is a number', async () => {
  await using rig = await createRig();
  const outside = await gitIn(rig)(['rev-parse', '--show-toplevel']);
  expect(outside).toMatchObject({ exitCode: 128, output: '', hasWords: true });
  expect(outside.complaint).toMatch(/^not a git repository/);
  const silent = await fakeGit(rig, 'echo warning: odd >&2; exit 3');
  const wordless = { exitCode: 3, complaint: 'git exited with 3', hasWords: false };
  expect(await silent(['status'])).toMatchObject(wordless);
});

test('Without a git the exit code is 127, and with one that takes too long 124', async () => {
  await using rig = await createRig();
  const none = gitIn(rig, { environment: { PATH: rig.root } });
  expect(await none(['status'])).toMatchObject({ exitCode: 127, output: '', hasWords: false });
  const slow = await fakeGit(rig, 'echo begun; exec sleep 60');
  const answer = await slow(['status'], { timeoutMs: 200 });
  expect(answer).toMatchObject({ exitCode: 124, complaint: 'git ended as timed-out' });
});

test('A cancelled git ends with 130; what is asked after the end of all work still runs', async () => {
  await using rig = await createRig();
  const all = new AbortController();
  const git = await fakeGit(
    rig,
    '[ "$1" ] && echo begun; case "$*" in *wait*) exec sleep 60 ;; esac',
    all.signal,
  );
  const own = new AbortController();
  const onOutput = (): void => {
    own.abort();
  };
  expect(await git(['wait'], { signal: own.signal, onOutput })).toMatchObject({ exitCode: 130 });
  const ended = git(['wait'], {
    onOutput: () => {
      all.abort();
    },
  });
  expect(await ended).toMatchObject({ exitCode: 130 });
  expect(await git(['after'])).toMatchObject({ exitCode: 0, output: 'begun\n' });
});

test('An output of any length is told as it comes, and its last MiB is kept', async () => {
  await using rig = await createRig();
  const git = await fakeGit(rig, 'head -c 3000000 /dev/zero; echo words >&2');
  let bytes = 0;
  const answer = await git(['status'], {
    onOutput: (piece) => {
      bytes += piece.byteLength;
    },
  });
  expect(bytes).toBe(3_000_000);
  expect(answer.output).toHaveLength(1024 * 1024);
  expect(answer).toMatchObject({ exitCode: 0, complaint: '' });
});
