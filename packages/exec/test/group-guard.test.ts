import { spawn } from 'node:child_process';

import { bundleChildProgram } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { openGroupGuard, runCommand } from '../src/index.js';
import { expectGone, isRunning, printedPid } from './processes.js';

test('commands of a process that was killed end with it, and so does the guard', async () => {
  await using program = await bundleChildProgram(
    new URL('fixtures/guarded-commands.ts', import.meta.url),
  );
  const owner = spawn(process.execPath, [program.path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  owner.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await expect
    .poll(() => text, { timeout: 10_000 })
    .toMatch(/obedient=\d+\n[^]*stubborn=\d+\n|stubborn=\d+\n[^]*obedient=\d+\n/);
  const pids = ['obedient', 'stubborn', 'guard'].map((label) => printedPid(text, label));
  expect(pids.map(isRunning)).toEqual([true, true, true]);
  owner.kill('SIGKILL');
  for (const pid of pids) await expectGone(pid);
});

test('a group that was released is not touched', async () => {
  const bystander = spawn('sleep', ['100'], { detached: true, stdio: 'ignore' });
  const guard = openGroupGuard();
  guard.watch(Number(bystander.pid));
  guard.release(Number(bystander.pid));
  guard[Symbol.dispose]();
  await expectGone(Number(guard.pid));
  expect(isRunning(Number(bystander.pid))).toBe(true);
  bystander.kill('SIGKILL');
});

test('a guard that is dead itself does not disturb commands', async () => {
  using guard = openGroupGuard();
  process.kill(Number(guard.pid), 'SIGKILL');
  await expectGone(Number(guard.pid));
  const result = await runCommand('echo fine', { guard });
  expect(result).toMatchObject({ stdout: { text: 'fine\n' }, problems: [] });
});
