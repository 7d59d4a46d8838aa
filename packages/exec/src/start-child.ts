import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';

import type { SpawnFailure } from './command-result.js';
import type { Containment } from './containment.js';
import { findProgram } from './find-program.js';
import type { CommandLine, RunSettings } from './run-options.js';
import { describeSpawnFailure } from './spawn-failure.js';

export type StartedChild =
  | { readonly ok: true; readonly child: ChildProcess; readonly pid: number }
  | { readonly ok: false; readonly failure: SpawnFailure };

/** Starts the process as the leader of its own group. What prevents that is a value. */
export async function startChild(
  command: CommandLine,
  settings: RunSettings,
): Promise<StartedChild> {
  try {
    const child = spawnChild(command, settings);
    if (child.pid !== undefined) return { ok: true, child, pid: child.pid };
    // Node tells of the common failures by an event, and of the others by throwing.
    const [error] = (await once(child, 'error')) as [unknown];
    // It leaves this side of the pipes open then.
    for (const stream of child.stdio) stream?.destroy();
    return { ok: false, failure: describeSpawnFailure(error, command, settings) };
  } catch (error) {
    return { ok: false, failure: describeSpawnFailure(error, command, settings) };
  }
}

function spawnChild(command: CommandLine, settings: RunSettings): ChildProcess {
  const options: SpawnOptions = {
    // A group of its own. On Windows the same option would open a console window instead.
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: [settings.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    cwd: settings.cwd,
    env: settings.env,
  };
  if (settings.containment !== undefined) {
    const [program, ...args] = containedCommand(command, settings, settings.containment);
    return spawn(program, args, options);
  }
  if (typeof command === 'string') return spawn(command, { ...options, shell: true });
  const [program, ...args] = command;
  return spawn(program, args, options);
}

/** A program that is not there would show as the failure of the one that was to start it. */
function containedCommand(
  command: CommandLine,
  { cwd = process.cwd(), env = process.env }: RunSettings,
  containment: Containment,
): [string, ...string[]] {
  const argv = typeof command === 'string' ? (['/bin/sh', '-c', command] as const) : command;
  const launcher = containment.enter(cwd);
  findProgram(argv[0], { cwd, path: env['PATH'] });
  return [...launcher, ...argv];
}
