import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { printable } from '../src/render/printable.js';
import { call, onlyJson } from './call.js';
import type { CallResult } from './call.js';

function instructions(rig: Rig, ...argv: string[]): Promise<CallResult> {
  return call(['instructions', ...argv], { cwd: rig.root });
}

async function json(rig: Rig, ...argv: string[]): Promise<Record<string, unknown>> {
  return onlyJson(await instructions(rig, ...argv, '--format=json'));
}

test('a repository without instructions is in order', async () => {
  await using rig = await createRig();
  expect(await instructions(rig, 'check')).toStrictEqual({
    exitCode: 0,
    stdout: 'Status: ok\n  No instructions\n',
    stderr: '',
  });
  expect((await instructions(rig, 'stamp')).stdout).toBe('Nothing to stamp\n');
  expect(await rig.list()).toStrictEqual([]);
});

test('instructions are stamped, and a change is found until they are stamped again', async () => {
  await using rig = await createRig();
  await rig.write({ 'AGENTS.md': '# Rules\n', 'docs/AGENTS.md': '# More\n' });
  const unstamped = await instructions(rig, 'check');
  expect(unstamped.exitCode).toBe(1);
  expect(unstamped.stdout).toMatch(
    /^Status: error\n {2}unstamped {2}AGENTS\.md\n {2}unstamped {2}docs\/AGENTS\.md\n {2}STAMP_MISSING: /,
  );
  expect(unstamped.stdout).toContain('codex-orchestrator instructions stamp docs/AGENTS.md');
  expect((await instructions(rig, 'stamp', '--dry-run')).stdout).toBe(
    'Would stamp: AGENTS.md\nWould stamp: docs/AGENTS.md\n',
  );
  expect(await rig.read('AGENTS.md')).toBe('# Rules\n');
  expect((await instructions(rig, 'stamp')).stdout).toBe(
    'Stamped: AGENTS.md\nStamped: docs/AGENTS.md\n',
  );
  expect((await instructions(rig, 'check')).exitCode).toBe(0);
  await rig.write({ 'AGENTS.md': `${await rig.read('AGENTS.md')}Another rule\n` });
  expect(await json(rig, 'check')).toMatchObject({
    status: 'error',
    files: [
      { path: 'AGENTS.md', state: 'changed' },
      { path: 'docs/AGENTS.md', state: 'stamped' },
      { path: '.agent/AGENTS.md', state: 'missing', declared_stamp: null },
    ],
    problems: [{ code: 'STAMP_WRONG', path: 'AGENTS.md' }],
  });
  expect(await json(rig, 'stamp', 'AGENTS.md')).toMatchObject({
    dry_run: false,
    files: [{ path: 'AGENTS.md', is_changed: true, is_written: true }],
    problems: [],
  });
  expect((await instructions(rig, 'stamp')).stdout).toMatch(/^Is stamped: AGENTS\.md\n/);
});

test('a path is one from the folder of the call on', async () => {
  await using rig = await createRig();
  await rig.write({ '.git/HEAD': '', 'docs/GUIDE.md': 'Read me.\n', 'GUIDE.md': 'Not me.\n' });
  const options = { cwd: rig.path('docs') };
  const checked = await call(['instructions', 'check', 'GUIDE.md'], options);
  expect(checked).toMatchObject({ exitCode: 1 });
  expect(checked.stdout).toContain('unstamped  docs/GUIDE.md\n');
  expect((await call(['instructions', 'stamp', 'GUIDE.md'], options)).exitCode).toBe(0);
  expect(await rig.read('docs/GUIDE.md')).toMatch(/^<!-- codex:instruction-stamp [0-9a-f]{64} -->/);
  expect(await rig.read('GUIDE.md')).toBe('Not me.\n');
  expect((await call(['instructions', 'check', 'GUIDE.md'], options)).exitCode).toBe(0);
});

test('a file that was named and is not there is wrong', async () => {
  await using rig = await createRig();
  for (const verb of ['check', 'stamp']) {
    const result = await instructions(rig, verb, 'absent.md', '--format=json');
    expect(result.exitCode).toBe(1);
    expect(onlyJson(result)).toMatchObject({ problems: [{ code: 'FILE_MISSING' }] });
  }
});

test.each(['../AGENTS.md', '/etc/hosts', '.'])(
  '%s is refused: it is no file below the root',
  async (path) => {
    await using rig = await createRig();
    for (const verb of ['check', 'stamp']) {
      const result = await instructions(rig, verb, path, '--format=json');
      expect(onlyJson(result)).toMatchObject({ error: { code: 'USAGE' }, exit_code: 2 });
    }
  },
);

test('a first line cannot paint the terminal', async () => {
  await using rig = await createRig();
  await rig.write({ 'AGENTS.md': '<!-- codex:instruction-stamp \u001b[2J\u202e -->\nx\n' });
  for (const verb of ['check', 'stamp']) {
    const { stdout, stderr } = await instructions(rig, verb);
    expect(printable(stdout + stderr)).toBe(stdout + stderr);
  }
});
