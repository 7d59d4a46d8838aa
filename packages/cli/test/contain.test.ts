import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { identifyProcess } from '@codex-orchestrator/core';
import { probeContainment } from '@codex-orchestrator/exec';
import { createRig } from '@codex-orchestrator/testing';
import { expect, test, vi } from 'vitest';

import { call, onlyJson } from './call.js';
import { bundleProgram, patiently } from './killed-run.js';
import { pipelineOf } from './pipeline-of.js';

const { available, reason } = await probeContainment();

test.skipIf(!available)(
  `with --contain not even a daemon outlives a killed process (${reason})`,
  async () => {
    await using rig = await createRig();
    await using program = await bundleProgram();
    const marker = `86${process.pid}`;
    const command = `setsid sleep ${marker} & echo $$ > ready; exec sleep 60`;
    await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command }), ready: '' });
    const child = spawn(process.execPath, [program.path, 'start', '--task=t', '--contain'], {
      cwd: rig.root,
      env: { PATH: process.env['PATH'] },
      stdio: 'ignore',
    });
    await vi.waitFor(async () => {
      expect(await rig.read('ready')).toMatch(/^\d+\n$/);
    }, patiently);
    const daemon = await vi.waitFor(() => findSleeper(marker), patiently);
    child.kill('SIGKILL');
    await once(child, 'close');
    await vi.waitFor(() => {
      expect(identifyProcess(daemon)).toBeUndefined();
    }, patiently);
    const recovered = await call(['recover', '--task=t', '--format=json'], { cwd: rig.root });
    expect(onlyJson(recovered)).toMatchObject({ recovered: [{ status: 'interrupted' }] });
  },
);

async function findSleeper(marker: string): Promise<number> {
  const child = spawn('pgrep', ['-f', `^sleep ${marker}$`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const closed = once(child, 'close');
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  await closed;
  if (!/^\d+\n$/.test(text)) throw new Error('it does not run yet');
  return Number(text);
}

test.skipIf(!available)(
  `a contained run is recorded as one, and ends as any other (${reason})`,
  async () => {
    await using rig = await createRig();
    await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command: 'echo fine' }) });
    const result = await call(['start', '--task=t', '--contain', '--format=json'], {
      cwd: rig.root,
    });
    expect(result.exitCode).toBe(0);
    const { manifest } = onlyJson(result);
    expect(await rig.readJson(String(manifest))).toMatchObject({ options: { contain: true } });
  },
);

test.skipIf(available)(
  `where it does not work, --contain is refused before anything runs (${reason})`,
  async () => {
    await using rig = await createRig();
    await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a' }) });
    const result = await call(['start', '--task=t', '--contain', '--format=json'], {
      cwd: rig.root,
    });
    expect(onlyJson(result)).toMatchObject({
      error: { code: 'CONTAINMENT_UNAVAILABLE' },
      exit_code: 3,
    });
    expect((await rig.list()).filter((path) => path.startsWith('.runs'))).toStrictEqual([]);
  },
);
