import { stat } from 'node:fs/promises';

import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { runInChild } from './run-in-child.js';

const runProgram = new URL('fixtures/run-command.ts', import.meta.url);
const megabyte = 1024 * 1024;
const isLinux = process.platform === 'linux';

test.skipIf(!isLinux)(
  'two gigabytes of output, most of it one line, need no memory (reads /proc)',
  async () => {
    await using rig = await createRig();
    await using program = await bundleChildProgram(runProgram);
    const logPath = rig.path('a.log');
    const command = 'yes | head -c 200000000; head -c 1800000000 /dev/zero';
    const { result, peakRssBytes } = await runInChild(program, { command, options: { logPath } });
    expect(result.outcome).toEqual({ kind: 'exited', exitCode: 0 });
    expect(result.stdout.totalBytes).toBe(2_000_000_000);
    expect(result.log?.seenBytes).toBe(2_000_000_000);
    expect((await stat(logPath)).size).toBe(result.log?.bytes);
    expect(result.log?.bytes).toBeLessThanOrEqual(64 * megabyte);
    expect(peakRssBytes).toBeLessThan(120 * megabyte);
  },
  // The only test whose time depends on what else the machine has to do.
  120_000,
);

test.skipIf(!isLinux).each([
  ['commands that end', { command: 'echo out; echo err >&2', times: 200 }],
  ['commands that cannot start', { command: ['no-such-program-here'], times: 50 }],
  ['commands that are too long', { command: ['true', 'x'.repeat(140_000)], times: 50 }],
  ['commands that are ended', { command: 'sleep 100', times: 20, options: { timeoutMs: 5 } }],
  ['commands in no folder', { command: 'true', times: 50, options: { cwd: '/no/such/folder' } }],
] as const)('%s leave no descriptor open (reads /proc)', async (_, task) => {
  await using rig = await createRig();
  await using program = await bundleChildProgram(runProgram);
  const options = { ...('options' in task && task.options), logPath: rig.path('a.log') };
  const report = await runInChild(program, { ...task, options });
  expect(report.descriptorsAfter).toBe(report.descriptorsBefore);
});
