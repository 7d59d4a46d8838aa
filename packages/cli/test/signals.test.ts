import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { identifyProcess } from '@codex-orchestrator/core';
import { createRig } from '@codex-orchestrator/testing';
import type { ChildProgram, Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { bundleProgram, patiently } from './killed-run.js';
import { pipelineOf } from './pipeline-of.js';

let program: ChildProgram;
beforeAll(async () => {
  program = await bundleProgram();
});
afterAll(() => program[Symbol.asyncDispose]());

const env = { PATH: process.env['PATH'] };

async function manifestsIn(rig: Rig): Promise<unknown[]> {
  const paths = (await rig.list()).filter((path) => path.endsWith('/manifest.json'));
  return Promise.all(paths.map((path) => rig.readJson(path)));
}

const hasFifos = spawnSync('mkfifo', ['--version'], { stdio: 'ignore' }).error === undefined;

test.skipIf(!hasFifos).each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s before there is a record ends the process and leaves nothing (needs mkfifo)',
  async (signal) => {
    await using rig = await createRig();
    // Reading the configuration waits for a writer that never comes.
    spawnSync('mkfifo', [rig.path('codex.orchestrator.json')]);
    const child = spawn(process.execPath, [program.path, 'start', '--task=t'], {
      cwd: rig.root,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.resume();
    const closed = once(child, 'close') as Promise<[number | null, string | null]>;
    const timer = setInterval(() => child.kill(signal), 50);
    const [, endedBy] = await closed.finally(() => {
      clearInterval(timer);
    });
    // What a shell calls 128+n.
    expect(endedBy).toBe(signal);
    expect(await rig.list()).toStrictEqual(['codex.orchestrator.json']);
  },
);

test.each(['stage.started', 'stage.finished', 'run.finished'])(
  'a signal right after the event %s leaves a sealed record that tells the exit code',
  async (type) => {
    await using rig = await createRig();
    await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command: 'sleep 0.1' }) });
    const child = spawn(process.execPath, [program.path, 'start', '--task=t', '--format=ndjson'], {
      cwd: rig.root,
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const closed = once(child, 'close') as Promise<[number | null, string | null]>;
    for await (const line of createInterface(child.stdout)) {
      if (line.includes(`"type":"${type}"`)) child.kill('SIGTERM');
    }
    const [exitCode, signal] = await closed;
    const [manifest] = await manifestsIn(rig);
    const { status } = manifest as { status: string };
    const isCancelled = status === 'cancelled';
    expect(['cancelled', 'succeeded']).toContain(status);
    // In its last moment, when Node has taken its handlers down, a process dies of a signal as any does.
    if (isCancelled) expect({ exitCode, signal }).toStrictEqual({ exitCode: 143, signal: null });
    else expect([exitCode, signal]).toContain(signal === null ? 0 : 'SIGTERM');
    expect((await rig.list()).filter((path) => /atomic-tmp|\.opening/.test(path))).toStrictEqual(
      [],
    );
  },
);

const hasScript =
  spawnSync('script', ['-qec', 'true', '/dev/null'], { stdio: 'ignore' }).status === 0;

test.skipIf(!hasScript)(
  'a terminal that vanishes cancels the run, which still seals its record (needs script)',
  async () => {
    await using rig = await createRig();
    const command = 'echo $$ > pid; exec sleep 60';
    await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command }), pid: '' });
    const line = `exec '${process.execPath}' '${program.path}' start --task=t`;
    const terminal = spawn('script', ['-qec', line, '/dev/null'], {
      cwd: rig.root,
      env: { ...env, SHELL: '/bin/sh' },
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    await vi.waitFor(async () => {
      expect(await rig.read('pid')).toMatch(/^\d+\n$/);
    }, patiently);
    terminal.kill('SIGKILL');
    await vi.waitFor(async () => {
      expect(await manifestsIn(rig)).toMatchObject([
        { status: 'cancelled', status_detail: 'cancelled:SIGHUP' },
      ]);
    }, patiently);
    expect(identifyProcess(Number(await rig.read('pid')))).toBeUndefined();
  },
);
