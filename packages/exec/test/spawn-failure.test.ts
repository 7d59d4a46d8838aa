import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { runCommand } from '../src/index.js';

test('a program that does not exist is 127, ENOENT of the command', async () => {
  const result = await runCommand(['no-such-program-here']);
  expect(result.outcome).toMatchObject({
    kind: 'spawn-failed',
    errno: 'ENOENT',
    subject: 'command',
    exitCode: 127,
  });
  expect(result).not.toHaveProperty('pid');
});

test('a folder that does not exist is ENOENT of the folder, whatever the program', async () => {
  const failure = { errno: 'ENOENT', subject: 'cwd', exitCode: 126 };
  for (const command of ['echo hi', ['true'], ['no-such-program-here']] as const) {
    const { outcome } = await runCommand(command, { cwd: '/no/such/folder' });
    expect(outcome).toMatchObject({ kind: 'spawn-failed', ...failure });
  }
});

test('a folder that is a file is ENOTDIR of the folder', async () => {
  await using rig = await createRig();
  await rig.write({ file: '' });
  const { outcome } = await runCommand(['true'], { cwd: rig.path('file') });
  expect(outcome).toMatchObject({ errno: 'ENOTDIR', subject: 'cwd', exitCode: 126 });
});

test('a file that may not be executed is 126, EACCES of the command', async () => {
  await using rig = await createRig();
  await rig.write({ 'not-executable': '' });
  const { outcome } = await runCommand([rig.path('not-executable')]);
  expect(outcome).toMatchObject({ errno: 'EACCES', subject: 'command', exitCode: 126 });
});

test('arguments that are too long are E2BIG, not an exception', async () => {
  const { outcome } = await runCommand(['true', 'x'.repeat(4_000_000)]);
  expect(outcome).toMatchObject({ errno: 'E2BIG', subject: 'command', exitCode: 126 });
});

test('an argument with a NUL is a failure to start, not an exception', async () => {
  const { outcome } = await runCommand(['echo', 'a\0b']);
  expect(outcome).toMatchObject({ kind: 'spawn-failed', subject: 'command', exitCode: 126 });
});

test('a command that did not start leaves an empty log', async () => {
  await using rig = await createRig();
  const { log } = await runCommand(['no-such-program-here'], { logPath: rig.path('a.log') });
  expect(log).toMatchObject({ bytes: 0, seenBytes: 0, omittedBytes: 0 });
  expect(await rig.list()).toEqual(['a.log']);
});
