import { systemClock } from '@codex-orchestrator/core';
import type { Clock } from '@codex-orchestrator/core';

import type { CancelSignal } from '../src/exit-codes.js';
import type { Io } from '../src/io.js';
import { run } from '../src/run.js';

export interface CallOptions {
  readonly cwd: string;
  readonly env?: Io['env'];
  readonly clock?: Clock;
  readonly isTTY?: boolean;
  /** Called with a function that sends a signal to the program. */
  readonly onReady?: (send: (signal: CancelSignal) => void) => void;
}

export interface CallResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program in this process, as if started in a folder with nothing in the environment. */
export async function call(argv: readonly string[], options: CallOptions): Promise<CallResult> {
  const stdout = collect(options.isTTY);
  const stderr = collect(options.isTTY);
  const exitCode = await run(argv, createIo(options, stdout, stderr));
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

/** The one JSON value on stdout; throws when there is anything else. */
export function onlyJson(result: CallResult): Record<string, unknown> {
  return JSON.parse(result.stdout) as Record<string, unknown>;
}

/** Every NDJSON line of stdout. */
export function jsonLines(result: CallResult): Record<string, unknown>[] {
  return result.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function createIo(options: CallOptions, stdout: Io['stdout'], stderr: Io['stderr']): Io {
  const listeners = new Set<(signal: CancelSignal) => void>();
  options.onReady?.((signal) => {
    for (const listener of listeners) listener(signal);
  });
  return {
    stdout,
    stderr,
    stdin: { isTTY: options.isTTY ?? false },
    env: { PATH: process.env['PATH'], ...options.env },
    cwd: options.cwd,
    clock: options.clock ?? systemClock,
    platform: { os: process.platform, arch: process.arch, node: process.version },
    programPath: '/program',
    onSignal(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    killGroup: (group) => process.kill(-group, 'SIGKILL'),
  };
}

function collect(isTTY = false): Io['stdout'] & { text(): string } {
  const chunks: Buffer[] = [];
  return {
    isTTY,
    columns: () => (isTTY ? 100 : undefined),
    write: (content) => void chunks.push(Buffer.from(content)),
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}
