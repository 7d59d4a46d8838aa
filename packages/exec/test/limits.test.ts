import { getEventListeners } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

import { systemClock } from '@codex-orchestrator/core';
import type { Clock } from '@codex-orchestrator/core';
import { createManualClock, createRig } from '@codex-orchestrator/testing';
import type { ManualClock } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { runCommand } from '../src/index.js';
import { blockForMs, expectGone, isReaped, observeCommand } from './processes.js';

test('a command that takes longer than its time limit is ended', async () => {
  const clock = createManualClock();
  const command = observeCommand('echo ready; exec sleep 100', { clock, timeoutMs: 60_000 });
  await command.printed('ready');
  await clock.advance(59_999);
  await clock.advance(1);
  const { outcome, durationMs, groupEnd, stdout } = await command.result;
  expect(outcome).toEqual({ kind: 'timed-out', timeoutMs: 60_000, exitCode: 124 });
  expect({ durationMs, groupEnd }).toEqual({ durationMs: 60_000, groupEnd: 'terminated' });
  expect(stdout.text).toBe('ready\n');
  expect(clock.pendingTimers).toBe(0);
});

test('a limit beyond what a timer can count is waited for in parts', async () => {
  const delays: number[] = [];
  const clock: Clock = {
    ...systemClock,
    schedule: (delayMs, run) => {
      delays.push(delayMs);
      return systemClock.schedule(delayMs, run);
    },
  };
  const limits = { timeoutMs: 2 ** 40, silenceTimeoutMs: 2 ** 40 };
  const { outcome } = await runCommand('sleep 0.05', { ...limits, clock });
  expect(outcome).toEqual({ kind: 'exited', exitCode: 0 });
  expect(Math.max(...delays)).toBe(2 ** 31 - 1);
});

test('a command that ends leaves no listener on its signal', async () => {
  const { signal } = new AbortController();
  await runCommand(['true'], { signal });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('silence counts from the last byte of either stream', async () => {
  await using rig = await createRig();
  const clock = createManualClock();
  const script =
    'mkfifo go; exec 3<>go; echo ready; while read -r line <&3; do echo "$line" >&2; done';
  const command = observeCommand(script, { clock, cwd: rig.root, silenceTimeoutMs: 1000 });
  await command.printed('ready');
  await clock.advance(900);
  await writeFile(rig.path('go'), 'tick\n');
  await command.printed('tick');
  await clock.advance(900);
  await setImmediate();
  await writeFile(rig.path('go'), 'tock\n', { flag: 'r+' });
  await command.printed('tock');
  await clock.advance(1000);
  const { outcome, durationMs } = await command.result;
  expect(outcome).toEqual({ kind: 'silent', silenceTimeoutMs: 1000, exitCode: 124 });
  expect(durationMs).toBe(2800);
});

test('output that waits while this process is blocked is no silence', async () => {
  let isFirst = true;
  const script = 'i=0; while [ $i -lt 50 ]; do echo tick; sleep 0.01; i=$((i + 1)); done';
  const { outcome } = await runCommand(script, {
    silenceTimeoutMs: 300,
    onOutput: () => {
      if (isFirst) blockForMs(400);
      isFirst = false;
    },
  });
  expect(outcome).toEqual({ kind: 'exited', exitCode: 0 });
});

test('an aborted command is ended and answers with the reason', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const command = observeCommand('echo ready; exec sleep 100', { signal });
  await command.printed('ready');
  controller.abort('Ctrl-C');
  const { outcome, pid } = await command.result;
  expect(outcome).toEqual({ kind: 'cancelled', reason: 'Ctrl-C', exitCode: 130 });
  await expectGone(Number(pid));
});

test('a signal that is aborted already starts nothing and touches nothing', async () => {
  await using rig = await createRig();
  const result = await runCommand('touch started', {
    cwd: rig.root,
    logPath: rig.path('a.log'),
    signal: AbortSignal.abort('too late'),
  });
  expect(result.outcome).toEqual({ kind: 'cancelled', reason: 'too late', exitCode: 130 });
  expect(result).not.toHaveProperty('pid');
  expect(await rig.list()).toEqual([]);
});

test('an abort between the start and the first event of the process counts', async () => {
  const controller = new AbortController();
  const result = await runCommand(['sleep', '100'], {
    signal: controller.signal,
    onStarted: () => {
      controller.abort('at once');
    },
  });
  expect(result.outcome).toMatchObject({ kind: 'cancelled', reason: 'at once' });
});

test('the first cause wins over what the command makes of its end', async () => {
  const script = 'trap "exit 0" TERM; echo ready; while :; do sleep 0.01; done';
  const controller = new AbortController();
  const command = observeCommand(script, { signal: controller.signal });
  await command.printed('ready');
  controller.abort('first');
  expect((await command.result).outcome).toMatchObject({ kind: 'cancelled', reason: 'first' });
});

test('an end by the command itself wins over a limit that passes afterwards', async () => {
  const clock = createManualClock();
  let pid = 0;
  const command = runCommand('sleep 100 & exit 7', {
    clock,
    timeoutMs: 300,
    drainMs: 500,
    onStarted: (started) => (pid = started.pid),
  });
  await expect.poll(() => pid > 0 && isReaped(pid)).toBe(true);
  await clock.advance(400);
  const result = await advanceUntilSettled(clock, command);
  expect(result).toMatchObject({ outcome: { kind: 'exited', exitCode: 7 }, leftovers: true });
  expect(result.durationMs).toBeGreaterThanOrEqual(500);
});

/** Moves the clock on in small steps, between which real processes can end. */
async function advanceUntilSettled<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  const pending = Symbol('pending');
  while ((await Promise.race([promise, setImmediate(pending)])) === pending) await clock.advance(1);
  return promise;
}
