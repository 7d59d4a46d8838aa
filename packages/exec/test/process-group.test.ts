import { spawnSync } from 'node:child_process';

import { bundleChildProgram } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { runCommand } from '../src/index.js';
import { expectGone, isRunning, observeCommand, printedPid } from './processes.js';
import { runInChild } from './run-in-child.js';

const runProgram = new URL('fixtures/run-command.ts', import.meta.url);

test('an aborted command takes its children and grandchildren with it', async () => {
  const controller = new AbortController();
  const script = 'sh -c "sleep 100 & echo leaf=\\$! branch=\\$\\$; wait" & wait';
  const command = observeCommand(script, { signal: controller.signal });
  await command.printed('branch=');
  controller.abort();
  const { stdout } = await command.result;
  await expectGone(printedPid(stdout.text, 'branch'));
  await expectGone(printedPid(stdout.text, 'leaf'));
});

test('a command gets SIGTERM first and what ignores it gets SIGKILL after the grace period', async () => {
  const controller = new AbortController();
  const script = 'trap "echo asked" TERM; echo ready; while :; do sleep 0.01; done';
  const command = observeCommand(script, { signal: controller.signal, graceMs: 200 });
  await command.printed('ready');
  controller.abort();
  const { stdout, groupEnd, drained, pid } = await command.result;
  expect(stdout.text).toBe('ready\nasked\n');
  expect({ groupEnd, drained }).toEqual({ groupEnd: 'killed', drained: true });
  expect(isRunning(Number(pid))).toBe(false);
});

test('a child that ignores SIGTERM is killed even when its leader obeys', async () => {
  const controller = new AbortController();
  const script = '(trap "" TERM; echo child=$(sh -c "echo \\$PPID"); exec sleep 100) & wait';
  const command = observeCommand(script, { signal: controller.signal, graceMs: 100 });
  await command.printed('child=');
  controller.abort();
  const { stdout, groupEnd } = await command.result;
  expect(groupEnd).toBe('killed');
  await expectGone(printedPid(stdout.text, 'child'));
});

test('a stopped command can still be asked to end', async () => {
  const controller = new AbortController();
  const script = 'trap "echo bye; exit 0" TERM; echo ready; kill -STOP $$; sleep 100';
  const command = observeCommand(script, { signal: controller.signal, graceMs: 10_000 });
  await command.printed('ready');
  controller.abort();
  const { stdout, groupEnd } = await command.result;
  expect(stdout.text).toBe('ready\nbye\n');
  expect(groupEnd).toBe('terminated');
});

test('a background child that keeps the output open does not outlive its command', async () => {
  const result = await runCommand('sleep 100 & echo child=$!', { drainMs: 50 });
  expect(result).toMatchObject({
    outcome: { kind: 'exited', exitCode: 0 },
    drained: true,
    leftovers: true,
    groupEnd: 'terminated',
  });
  await expectGone(printedPid(result.stdout.text, 'child'));
});

test('a background child without a pipe does not outlive its command either', async () => {
  const script = 'sleep 100 </dev/null >/dev/null 2>&1 & echo child=$!';
  const result = await runCommand(script, { drainMs: 50 });
  expect(result).toMatchObject({ leftovers: true, groupEnd: 'terminated' });
  await expectGone(printedPid(result.stdout.text, 'child'));
});

test('what a background child prints within the drain time belongs to the output', async () => {
  const result = await runCommand('(sleep 0.1; echo LATE) & echo EARLY', { drainMs: 10_000 });
  expect(result).toMatchObject({
    stdout: { text: 'EARLY\nLATE\n' },
    drained: true,
    leftovers: false,
    groupEnd: 'by-itself',
  });
});

test.skipIf(!has('setsid'))(
  'a process that left the group cannot hold the answer back (needs setsid)',
  async () => {
    await using program = await bundleChildProgram(runProgram);
    const command = 'setsid sh -c "echo escaped=\\$\\$; exec sleep 100" & sleep 0.2; echo done';
    const { result } = await runInChild(program, { command, options: { drainMs: 200 } });
    expect(result).toMatchObject({ outcome: { kind: 'exited' }, drained: false });
    const escaped = printedPid(result.stdout.text, 'escaped');
    expect(isRunning(escaped)).toBe(true);
    process.kill(escaped);
  },
);

const asFirstProcess = ['unshare', '-Urpf', '--mount-proc'];

test.skipIf(!runs([...asFirstProcess, 'true']))(
  'ended children that nobody reaps are not waited for (needs unshare with user namespaces)',
  async () => {
    await using program = await bundleChildProgram(runProgram);
    // Node is the first process of its namespace and inherits the orphan, whose end it never reads.
    const task = { command: 'sleep 0.1 >/dev/null 2>&1 &', options: { drainMs: 20_000 } };
    const { result } = await runInChild(program, task, asFirstProcess);
    expect(result).toMatchObject({ leftovers: false, groupEnd: 'by-itself' });
  },
);

function has(program: string): boolean {
  return runs([program, '--version']);
}

function runs([program = '', ...args]: readonly string[]): boolean {
  return spawnSync(program, args).status === 0;
}
