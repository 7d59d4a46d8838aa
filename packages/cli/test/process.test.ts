import { execFile, spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { identifyProcess } from '@codex-orchestrator/core';
import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import type { ChildProgram, Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { pipelineOf } from './pipeline-of.js';

/** Says nothing: these tests may themselves run as a stage, which hands its run on to its children. */
const quietEnvironment = { PATH: process.env['PATH'] };

function run(program: string, argv: string[], options: { cwd?: string } = {}) {
  return promisify(execFile)(program, argv, { ...options, env: quietEnvironment });
}

const launcher = fileURLToPath(new URL('../bin/codex-orchestrator.cjs', import.meta.url));

/** Waiting for the outside world: often, and with a bound that only a failure reaches. */
const patiently = { timeout: 20_000, interval: 20 };

/** How long a stage is given to end by itself after the first signal. */
const graceMs = 5000;

let program: ChildProgram;
beforeAll(async () => {
  program = await bundleChildProgram(new URL('../src/main.ts', import.meta.url));
});
afterAll(() => program[Symbol.asyncDispose]());

type Program = ChildProcessByStdio<null, Readable, Readable>;

/** The program as a process of its own. */
function startProgram(rig: Rig, ...argv: string[]): Program {
  return spawn(process.execPath, [program.path, ...argv], {
    cwd: rig.root,
    env: quietEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function exitCodeOf(child: Program): Promise<number | null> {
  child.stdout.resume();
  child.stderr.resume();
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return exitCode;
}

async function onlyManifest(rig: Rig): Promise<Record<string, unknown>> {
  const [path = ''] = (await rig.list('.runs')).filter((name) => name.endsWith('/manifest.json'));
  return (await rig.readJson(path)) as Record<string, unknown>;
}

/** Path of the log of the only stage, once there is one. */
function onlyLog(rig: Rig): Promise<string> {
  return vi.waitFor(async () => {
    const [path] = (await rig.list()).filter((name) => name.endsWith('/commands/01-a.log'));
    if (path === undefined) throw new Error('no stage has a log');
    return path;
  }, patiently);
}

/** A zombie is dead: here nobody may be there to collect it. */
async function isAlive(rig: Rig, pidFile: string): Promise<boolean> {
  return identifyProcess(Number(await rig.read(pidFile))) !== undefined;
}

/** Resolves when a stage has written its process id. */
async function untilWritten(rig: Rig, pidFile: string): Promise<void> {
  await vi.waitFor(async () => {
    expect(await rig.read(pidFile)).toMatch(/^\d+\n$/);
  }, patiently);
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s ends the process with %d, its children first', async (signal, exitCode) => {
  await using rig = await createRig();
  const command = 'sleep 60 & echo $! > inner; echo $$ > outer; wait';
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command }, { id: 'b' }) });
  const child = startProgram(rig, 'start', '--task=t', '--format=json');
  await untilWritten(rig, 'outer');
  child.kill(signal);
  expect(await exitCodeOf(child)).toBe(exitCode);
  expect([await isAlive(rig, 'inner'), await isAlive(rig, 'outer')]).toStrictEqual([false, false]);
  expect(await onlyManifest(rig)).toMatchObject({
    status: 'cancelled',
    status_detail: `cancelled:${signal}`,
    commands: [{ status: 'cancelled' }, { status: 'skipped' }],
  });
});

test('a later signal kills what ignores the first, and the record is still sealed', async () => {
  await using rig = await createRig();
  const command = 'trap "" TERM; echo $$ > outer; while :; do sleep 0.05; done';
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command }) });
  const child = startProgram(rig, 'start', '--task=t');
  const ended = exitCodeOf(child);
  await untilWritten(rig, 'outer');
  // Only while there is something to kill: the last moment of a process belongs to the system.
  const timer = setInterval(() => {
    void isAlive(rig, 'outer').then((alive) => alive && child.kill('SIGINT'));
  }, 100);
  const exitCode = await ended.finally(() => {
    clearInterval(timer);
  });
  expect(exitCode).toBe(130);
  expect(await isAlive(rig, 'outer')).toBe(false);
  const manifest = await onlyManifest(rig);
  expect(manifest).toMatchObject({ status: 'cancelled' });
  // Without the second signal, the grace period would have had to pass.
  expect(manifest['duration_ms']).toBeLessThan(graceMs);
});

test('a run whose process was killed is interrupted for whoever asks next, and its stages end', async () => {
  await using rig = await createRig();
  const command = 'echo $$ | tee outer; exec sleep 60';
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command }) });
  const child = startProgram(rig, 'start', '--task=t');
  // Output in the log is that of a command which the guard knows of.
  await untilWritten(rig, await onlyLog(rig));
  child.kill('SIGKILL');
  await exitCodeOf(child);
  const { stdout } = await run(process.execPath, [program.path, 'status', '--format=json'], {
    cwd: rig.root,
  });
  expect(JSON.parse(stdout)).toMatchObject({
    status: 'interrupted',
    exit_code: 75,
    commands: [{ id: 'a', status: 'running' }],
  });
  await vi.waitFor(async () => {
    expect(await isAlive(rig, 'outer')).toBe(false);
  }, patiently);
});

test('a reader that leaves does not end the run', async () => {
  await using rig = await createRig();
  const stages = ['a', 'b', 'c'].map((id) => ({ id, command: 'echo out' }));
  await rig.write({ 'codex.orchestrator.json': pipelineOf(...stages) });
  const line = '"$0" "$1" start --task=t --format=ndjson | head -1; echo "${PIPESTATUS[0]}"';
  const { stdout } = await run('bash', ['-c', line, process.execPath, program.path], {
    cwd: rig.root,
  });
  const [first = '', exitCode] = stdout.trim().split('\n');
  expect(JSON.parse(first)).toMatchObject({ type: 'run.started' });
  expect(exitCode).toBe('0');
  expect(await onlyManifest(rig)).toMatchObject({ status: 'succeeded' });
});

test('with all its outputs closed it runs to its end', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command: 'echo out' }) });
  const line = 'exec "$0" "$1" start --task=t <&- >&- 2>&-';
  await run('sh', ['-c', line, process.execPath, program.path], { cwd: rig.root });
  expect(await onlyManifest(rig)).toMatchObject({ status: 'succeeded' });
});

const hasFullDevice = process.platform === 'linux';
test.skipIf(!hasFullDevice)(
  'an answer that cannot be written is no success (needs /dev/full)',
  async () => {
    await using rig = await createRig();
    const line = '"$0" "$1" self-check --format=json > /dev/full; echo $?';
    const { stdout, stderr } = await run('sh', ['-c', line, process.execPath, program.path], {
      cwd: rig.root,
    });
    expect(stdout).toBe('3\n');
    expect(stderr).toContain('ENOSPC');
  },
);

test('outside of any repository exec works with what is there', async () => {
  await using rig = await createRig();
  const argv = [program.path, 'exec', '--format=text', '--task=t', '--', 'echo', 'hello'];
  const { stdout } = await run(process.execPath, argv, { cwd: rig.root });
  expect(stdout).toBe('hello\n');
  expect(await onlyManifest(rig)).toMatchObject({ status: 'succeeded', workspace_path: rig.root });
});

test.each(['--version', '-v', 'version'])('the launcher answers %s by itself', async (flag) => {
  const packageFile = new URL('../package.json', import.meta.url);
  const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string };
  const { stdout } = await run(process.execPath, [launcher, flag]);
  expect(stdout).toBe(`${version}\n`);
});
