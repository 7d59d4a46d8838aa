import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { bundleChildProgram } from '@codex-orchestrator/testing';
import { expect } from 'vitest';

import type { GroupIdentity } from '../src/index.js';
import { isRunning, printedPid } from './processes.js';

export interface KilledRunner extends Disposable {
  /** What was written down about each command, by its name. */
  readonly groups: Readonly<Record<string, GroupIdentity>>;
  /** The number that a command printed behind a label. */
  pid(label: string): number;
}

export interface LeaveOptions {
  /** Added to the environment of the commands. */
  readonly env?: Readonly<Record<string, string>>;
  /** Labels that have to be printed before the runner is killed. */
  readonly labels: readonly string[];
  readonly isContained?: boolean;
  /** Whether all that shall be left runs by now. @default once the labels are printed */
  readonly isReady?: () => boolean;
}

/** Kills a runner with SIGKILL while its commands run, and forgets nothing of what it has said. */
export async function leaveBehind(
  scripts: Readonly<Record<string, string>>,
  { labels, isReady = () => true, ...options }: LeaveOptions,
): Promise<KilledRunner> {
  const fixture = new URL('fixtures/leave-commands.ts', import.meta.url);
  await using program = await bundleChildProgram(fixture);
  const task = JSON.stringify({ scripts, ...options });
  const runner = spawn(process.execPath, [program.path, task], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  runner.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await expect
    .poll(() => labels.filter((label) => !said.includes(`${label}=`)), { timeout: 10_000 })
    .toEqual([]);
  await expect.poll(isReady, { timeout: 10_000 }).toBe(true);
  runner.kill('SIGKILL');
  await once(runner, 'exit');
  const { groups, text } = understand(said);
  return {
    groups,
    pid: (label) => printedPid(text, label),
    [Symbol.dispose]: () => {
      const pids = labels.map((label) => printedPid(text, label));
      for (const pid of pids.filter(isRunning)) process.kill(pid, 'SIGKILL');
    },
  };
}

interface Saying {
  readonly name?: string;
  readonly group?: GroupIdentity;
  readonly text?: string;
}

function understand(said: string): { groups: Record<string, GroupIdentity>; text: string } {
  const lines = said.split('\n').slice(0, -1);
  const sayings = lines.map((line) => JSON.parse(line) as Saying);
  const groups: Record<string, GroupIdentity> = {};
  for (const { name, group } of sayings) if (name && group) groups[name] = group;
  return { groups, text: sayings.map(({ text = '' }) => text).join('') };
}
