import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { bundleChildProgram } from '@codex-orchestrator/testing';
import type { ChildProgram, Rig } from '@codex-orchestrator/testing';
import { expect, vi } from 'vitest';

import { pipelineOf } from './pipeline-of.js';

/** Waiting for the outside world: often, and with a bound that only a failure reaches. */
export const patiently = { timeout: 20_000, interval: 20 };

/** The whole program as one file, to run in a process of its own. */
export function bundleProgram(): Promise<ChildProgram> {
  return bundleChildProgram(new URL('../src/main.ts', import.meta.url));
}

/**
 * A configuration of three stages: `b` writes its process id to `pid` and stays until there is a file
 * `go`.
 */
export const stayingPipeline = pipelineOf(
  { id: 'a', command: 'echo out of a' },
  { id: 'b', command: '[ -e go ] || { echo $$ > pid; exec sleep 60; }' },
  { id: 'c', command: 'echo out of c' },
);

/** Starts a run of `stayingPipeline` and kills its process while stage `b` runs. */
export async function leaveDeadRun(
  program: ChildProgram,
  rig: Rig,
  task = 't',
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly runId: string; readonly folder: string }> {
  await rig.write({ 'codex.orchestrator.json': stayingPipeline, pid: '' });
  const before = new Set(await runsIn(rig, task));
  const child = spawn(process.execPath, [program.path, 'start', `--task=${task}`], {
    cwd: rig.root,
    env: { PATH: process.env['PATH'], ...env },
    stdio: 'ignore',
  });
  await vi.waitFor(async () => {
    expect(await rig.read('pid')).toMatch(/^\d+\n$/);
  }, patiently);
  child.kill('SIGKILL');
  await once(child, 'close');
  const [runId = ''] = (await runsIn(rig, task)).filter((id) => !before.has(id));
  return { runId, folder: `.runs/${task}/cli/${runId}` };
}

async function runsIn(rig: Rig, task: string): Promise<string[]> {
  const pattern = new RegExp(`^\\.runs/${task}/cli/(\\d[^/]*)/manifest\\.json$`);
  return (await rig.list()).flatMap((path) => pattern.exec(path)?.[1] ?? []);
}
