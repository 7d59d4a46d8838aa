import { fstatSync, realpathSync, writeSync } from 'node:fs';

import { systemClock } from '@codex-orchestrator/core';

import type { CancelSignal } from './exit-codes.js';
import type { DetachedProcess, Io, OutputStream } from './io.js';

const signals: readonly CancelSignal[] = ['SIGHUP', 'SIGINT', 'SIGTERM'];

/** The io port of the real process: the one place besides the launcher that touches `process`. */
export function processIo(): Io {
  return {
    stdout: descriptorStream(1, () => process.stdout.columns),
    stderr: descriptorStream(2, () => process.stderr.columns),
    stdin: {
      get isTTY() {
        return isTerminal(0);
      },
      // Node's stream is made when somebody reads, and not before.
      read: () => process.stdin,
      // Open, it would keep the process alive.
      close: () => process.stdin.destroy(),
    },
    env: process.env,
    cwd: process.cwd(),
    clock: systemClock,
    platform: { os: process.platform, arch: process.arch, node: process.version },
    programPath: programPath(),
    onSignal,
    killGroup,
    sendSignal,
    spawnDetached,
  };
}

/** The launcher, resolved: `npx` starts it through a symlink that may be gone when a stage uses it. */
function programPath(): string {
  const path = process.argv[1] ?? '';
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * Asked only when somebody wants to know, and then only about character devices: loading `node:tty`
 * costs milliseconds, and under CI and agents the answer is a pipe or a file.
 */
function isTerminal(fd: number): boolean {
  try {
    if (!fstatSync(fd).isCharacterDevice()) return false;
  } catch {
    // Started with the descriptor closed.
    return false;
  }
  return process.getBuiltinModule('node:tty').isatty(fd);
}

function onSignal(listener: (signal: CancelSignal) => void): () => void {
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) {
      // All that is left is to say how it ended: a third Ctrl-C must not make that a death by signal.
      process.on(signal, ignore);
      process.off(signal, listener);
    }
  };
}

const ignore = (): void => undefined;

function killGroup(processGroup: number): void {
  killIfThere(-processGroup, 'SIGKILL');
}

function sendSignal(pid: number, signal: CancelSignal): void {
  killIfThere(pid, signal);
}

function killIfThere(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Nothing is inherited but the folder: a pipe or terminal of ours would end or hold up that process. */
function spawnDetached(argv: readonly string[], env: Io['env']): DetachedProcess {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(process.execPath, [...process.execArgv, programPath(), ...argv], {
    detached: true,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const { pid, stdout, stderr } = child;
  const ended = new Promise<Awaited<DetachedProcess['ended']>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      resolve({ exitCode, signal });
    });
  });
  const release = (): void => {
    child.unref();
    stdout.destroy();
    stderr.destroy();
  };
  return { pid, stdout, stderr, ended, release };
}

/**
 * Writes straight to the descriptor. Node's own streams cost milliseconds to set up, and what they
 * still hold is lost when the process ends early; what this wrote is written.
 */
function descriptorStream(fd: number, columns: () => number | undefined): OutputStream {
  let readerIsGone = false;
  return {
    get isTTY() {
      return isTerminal(fd);
    },
    columns: () => (isTerminal(fd) ? columns() : undefined),
    isAbandoned: () => readerIsGone,
    write(content) {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      if (!readerIsGone) readerIsGone = !writeAll(fd, bytes);
    },
  };
}

/** Returns false when nobody reads any more. */
function writeAll(fd: number, bytes: Uint8Array): boolean {
  for (let offset = 0; offset < bytes.byteLength;) {
    try {
      offset += writeSync(fd, bytes, offset);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN') return isReaderGone(error, code);
      waitForReader();
    }
  }
  return true;
}

/** EPIPE: the pipe is closed. EIO: the terminal is gone. EBADF: started with the descriptor closed. */
function isReaderGone(error: unknown, code: string | undefined): false {
  if (code === 'EPIPE' || code === 'EIO' || code === 'EBADF') return false;
  throw error;
}

/** The descriptor is non-blocking and its pipe is full: somebody else in the pipeline set it so. */
function waitForReader(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}
