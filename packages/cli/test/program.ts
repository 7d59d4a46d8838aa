import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

import { bundleChildProgram } from '@codex-orchestrator/testing';
import type { ChildProgram, Rig } from '@codex-orchestrator/testing';
import { vi } from 'vitest';

/** Waiting for the outside world: often, and with a bound that only a failure reaches. */
export const patiently = { timeout: 20_000, interval: 20 };

/** Says nothing: these tests may themselves run as a stage, which hands its run on to its children. */
export const quietEnvironment = { PATH: process.env['PATH'] };

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program as a process of its own. */
export interface Started {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** What it has printed so far. */
  readonly stdout: () => string;
  readonly ended: Promise<Ended>;
}

export interface Program extends AsyncDisposable {
  readonly path: string;
  start(rig: Rig, argv: readonly string[], env?: NodeJS.ProcessEnv): Started;
  run(rig: Rig, argv: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended>;
  /** Runs it with `--format=json` and reads the answer, whatever the exit code. */
  ask(rig: Rig, argv: readonly string[]): Promise<Record<string, unknown>>;
}

export async function bundleProgram(): Promise<Program> {
  const bundle: ChildProgram = await bundleChildProgram(new URL('../src/main.ts', import.meta.url));
  const start: Program['start'] = (rig, argv, env) =>
    watch(
      spawn(process.execPath, [bundle.path, ...argv], {
        cwd: rig.root,
        env: { ...quietEnvironment, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  const run: Program['run'] = (rig, argv, env) => start(rig, argv, env).ended;
  return {
    path: bundle.path,
    start,
    run,
    async ask(rig, argv) {
      const { stdout } = await run(rig, [...argv, '--format=json']);
      return JSON.parse(stdout) as Record<string, unknown>;
    },
    [Symbol.asyncDispose]: () => bundle[Symbol.asyncDispose](),
  };
}

function watch(child: Started['child']): Started {
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const ended = once(child, 'close').then(([exitCode]) => ({
    exitCode: exitCode as number | null,
    ...output,
  }));
  return { child, stdout: () => output.stdout, ended };
}

/** Resolves when there is a file with something in it. */
export async function untilWritten(rig: Rig, path: string): Promise<string> {
  return vi.waitFor(async () => {
    const text = await rig.read(path);
    if (text === '') throw new Error(`nothing in ${path}`);
    return text;
  }, patiently);
}
