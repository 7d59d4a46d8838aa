import { readFileSync } from 'node:fs';

import { expect } from 'vitest';

import { runCommand } from '../src/index.js';
import type { CommandLine, CommandResult, RunCommandOptions } from '../src/index.js';

/** A command that runs in the background of a test, with the text that it printed so far. */
export interface ObservedCommand {
  readonly result: Promise<CommandResult>;
  /** Settles once the text has been printed. */
  printed(text: string): Promise<void>;
}

export function observeCommand(
  command: CommandLine,
  options: RunCommandOptions = {},
): ObservedCommand {
  let text = '';
  const result = runCommand(command, {
    ...options,
    onOutput: ({ bytes }) => {
      text += bytes.toString();
    },
  });
  return {
    result,
    printed: async (expected) => {
      await expect.poll(() => text, { timeout: 10_000 }).toContain(expected);
    },
  };
}

export async function expectGone(pid: number): Promise<void> {
  await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
}

/** Keeps this process from doing anything, as a slow disk would. */
export function blockForMs(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Whether a process is there and not dead. Who is dead may wait for long until it is reaped. */
export function isRunning(pid: number): boolean {
  try {
    if (process.platform !== 'linux') return !isReaped(pid);
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

export function isReaped(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

/** The number that a command printed behind a label, as in `child=123`. */
export function printedPid(text: string, label: string): number {
  const pid = Number(new RegExp(`${label}=(\\d+)`).exec(text)?.[1]);
  expect(pid).toBeGreaterThan(1);
  return pid;
}
