import { Readable } from 'node:stream';

import { systemClock } from '@codex-orchestrator/core';
import type { Clock } from '@codex-orchestrator/core';

import type { CancelSignal } from '../src/exit-codes.js';
import type { Io, OutputStream } from '../src/io.js';
import { run } from '../src/run.js';

export interface CallOptions {
  readonly cwd: string;
  readonly env?: Io['env'];
  readonly clock?: Clock;
  readonly isTTY?: boolean;
  /** @default '' */
  readonly stdin?: string;
  /** Standard input as it comes, in place of `stdin`. */
  readonly stdinPieces?: () => AsyncIterable<Uint8Array>;
  /** Called with each piece of stdout and a function that sends the program a signal. */
  readonly onOutput?: (text: string, send: SendSignal) => void;
  /** The same with each piece of stderr. */
  readonly onError?: (text: string, send: SendSignal) => void;
  /** @default fails the call */
  readonly sendSignal?: Io['sendSignal'];
  /** @default fails the call */
  readonly spawnDetached?: Io['spawnDetached'];
}

type SendSignal = (signal: CancelSignal) => void;

export interface CallResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program in this process, as if started in a folder with nothing in the environment. */
export async function call(argv: readonly string[], options: CallOptions): Promise<CallResult> {
  const listeners = new Set<SendSignal>();
  const send: SendSignal = (signal) => {
    for (const listener of listeners) listener(signal);
  };
  const stdout = collect(options.isTTY, (text) => options.onOutput?.(text, send));
  const stderr = collect(options.isTTY, (text) => options.onError?.(text, send));
  const exitCode = await run(argv, createIo(options, { stdout, stderr, listeners }));
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

interface Wires {
  readonly stdout: Io['stdout'];
  readonly stderr: Io['stderr'];
  readonly listeners: Set<SendSignal>;
}

function createIo(options: CallOptions, { stdout, stderr, listeners }: Wires): Io {
  return {
    stdout,
    stderr,
    stdin: {
      isTTY: options.isTTY ?? false,
      read: () => options.stdinPieces?.() ?? Readable.from([Buffer.from(options.stdin ?? '')]),
      close: () => undefined,
    },
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
    sendSignal: options.sendSignal ?? unexpected,
    spawnDetached: options.spawnDetached ?? unexpected,
  };
}

function unexpected(): never {
  throw new Error('Expected no other process to be touched');
}

interface Collector extends OutputStream {
  text(): string;
}

function collect(isTTY = false, onText?: (text: string) => void): Collector {
  const chunks: Buffer[] = [];
  return {
    isTTY,
    columns: () => (isTTY ? 100 : undefined),
    write(content) {
      const bytes = Buffer.from(content);
      chunks.push(bytes);
      onText?.(bytes.toString('utf8'));
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}
