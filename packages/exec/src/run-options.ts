import { nodeFileSystem, systemClock } from '@codex-orchestrator/core';
import type { Clock, FileSystem } from '@codex-orchestrator/core';

import type { Containment } from './containment.js';
import { ExecError } from './errors.js';
import type { GroupGuard } from './group-guard.js';
import { requireNumber } from './require-number.js';

/** A string is a line for `/bin/sh -c` (on Windows `cmd.exe`); a list is a program and its arguments. */
export type CommandLine = string | readonly [string, ...string[]];

export type OutputStream = 'stdout' | 'stderr';

/**
 * Rewrites one stream on its way, for instance to take secrets out. It sees the bytes in order in
 * pieces of any size, may hold some back, and gives up the rest in `flush`. When it throws, the
 * rest of its stream is dropped: output that could not be filtered reaches nobody.
 */
export interface OutputFilter {
  push(chunk: Buffer): Buffer;
  flush(): Buffer;
}

export interface StartedCommand {
  readonly pid: number;
  /** Process group of the command; on Windows the pid again, where a tree stands for the group. */
  readonly processGroup: number;
  /** Start stamp of the process, as in core's `ProcessIdentity`; null where the system does not tell. */
  readonly startedAt: string | null;
}

export interface CommandOutput {
  readonly stream: OutputStream;
  /** Never reused: it may be kept. */
  readonly bytes: Buffer;
}

export interface RunCommandOptions {
  /** Folder to start in. @default the folder of the calling process */
  readonly cwd?: string;
  /** The whole environment of the command. @default that of the calling process */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What the command reads. @default nothing: its standard input is at its end */
  readonly stdin?: string | Uint8Array;
  /** Longest run. @default none */
  readonly timeoutMs?: number;
  /** Longest time without a byte on either stream. @default none */
  readonly silenceTimeoutMs?: number;
  /** Time between SIGTERM and SIGKILL. @default 5000 */
  readonly graceMs?: number;
  /** How long what the main process left behind may go on before it is ended. @default 500 */
  readonly drainMs?: number;
  /** Ends the command. One that is aborted already means that nothing is started. */
  readonly signal?: AbortSignal;
  /** File that gets the exact bytes of both streams in the order of arrival. Its folder must exist. */
  readonly logPath?: string;
  /** Most bytes of the log; its start and its end are kept. `Infinity` keeps all. @default 67108864 */
  readonly logMaxBytes?: number;
  /** Bytes kept of each stream for the answer. @default 65536 */
  readonly tailBytes?: number;
  /** Makes the filter of a stream, which stands before log, tails and `onOutput`. @default none */
  readonly createFilter?: (stream: OutputStream) => OutputFilter;
  /** Called once when the process runs. What it throws is reported in `problems`. */
  readonly onStarted?: (started: StartedCommand) => void;
  /** Called with each piece of output, synchronously. What it throws is reported in `problems`. */
  readonly onOutput?: (output: CommandOutput) => void;
  /** Ends the command should this process be killed. @default none */
  readonly guard?: GroupGuard;
  /** Runs the command inside, where nothing of it can outlive this process. @default none */
  readonly containment?: Containment;
  readonly clock?: Clock;
  readonly fs?: FileSystem;
}

type Defaulted = 'graceMs' | 'drainMs' | 'logMaxBytes' | 'tailBytes' | 'clock' | 'fs';

/** Options after validation, with every default filled in. */
export type RunSettings = Omit<RunCommandOptions, Defaulted> &
  Required<Pick<RunCommandOptions, Defaulted>>;

/** The least `logMaxBytes`: below it the marker of an omission would crowd out the log. */
export const minLogBytes = 1024;

/** @throws ExecError `INVALID_OPTION` */
export function resolveOptions(command: CommandLine, options: RunCommandOptions): RunSettings {
  requireCommand(command);
  const settings = {
    ...options,
    graceMs: options.graceMs ?? 5000,
    drainMs: options.drainMs ?? 500,
    logMaxBytes: options.logMaxBytes ?? 64 * 1024 * 1024,
    tailBytes: options.tailBytes ?? 64 * 1024,
    clock: options.clock ?? systemClock,
    fs: options.fs ?? nodeFileSystem,
  };
  requireNumber('timeoutMs', settings.timeoutMs ?? 1, 'a positive number', (ms) => ms > 0);
  requireNumber(
    'silenceTimeoutMs',
    settings.silenceTimeoutMs ?? 1,
    'a positive number',
    (ms) => ms > 0,
  );
  requireNumber('graceMs', settings.graceMs, 'zero or a positive number', (ms) => ms >= 0);
  requireNumber('drainMs', settings.drainMs, 'zero or a positive number', (ms) => ms >= 0);
  requireNumber('tailBytes', settings.tailBytes, 'zero or a positive integer', isCount);
  requireNumber(
    'logMaxBytes',
    settings.logMaxBytes,
    `an integer from ${minLogBytes}, or Infinity`,
    isLogLimit,
  );
  return settings;
}

function requireCommand(command: CommandLine): void {
  const program: unknown = typeof command === 'string' ? command : command[0];
  if (typeof program === 'string' && program !== '') return;
  throw new ExecError('INVALID_OPTION', 'Expected a command that is not empty');
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isLogLimit(value: number): boolean {
  return value === Infinity || (Number.isSafeInteger(value) && value >= minLogBytes);
}
