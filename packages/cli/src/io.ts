import type { Clock } from '@codex-orchestrator/core';

import type { CancelSignal } from './exit-codes.js';

/** One of the two streams that a process prints to. */
export interface OutputStream {
  readonly isTTY: boolean;
  /** Width of the terminal, or `undefined` when there is none. */
  readonly columns: () => number | undefined;
  /** Whether it is known that nobody reads any more. @default not known */
  readonly isAbandoned?: () => boolean;
  /**
   * Writes all of it before it returns. A reader that has gone away (`| head -1`, a closed terminal)
   * makes this and every later write a no-op: output is for whoever still listens, and a run must
   * not die of its audience leaving.
   */
  write(content: string | Uint8Array): void;
}

/** A process that outlives this one. */
export interface DetachedProcess {
  readonly pid: number | undefined;
  /** What it prints, for as long as somebody asks. Its output then leads nowhere, which it must stand. */
  readonly stdout: AsyncIterable<Uint8Array>;
  readonly stderr: AsyncIterable<Uint8Array>;
  /** Resolves when it ends; rejects when it could not be started. */
  readonly ended: Promise<{ readonly exitCode: number | null; readonly signal: string | null }>;
  /** Lets go of it: this process may end while that one goes on. */
  release(): void;
}

/**
 * Everything that the CLI knows of its process. Commands take this and never `process`, so a test
 * runs the whole program in its own.
 */
export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdin: {
    readonly isTTY: boolean;
    /** Pieces of it as they come; for the few commands that take text from there. */
    readonly read: () => AsyncIterable<Uint8Array>;
    /** Lets go of it, whatever is still to come: who waits for a piece of it waits in vain. */
    readonly close: () => void;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly clock: Clock;
  readonly platform: { readonly os: string; readonly arch: string; readonly node: string };
  /** Absolute path of the program file, for `CODEX_ORCHESTRATOR_BIN`. */
  readonly programPath: string;
  /**
   * Calls back for each INT, TERM or HUP instead of dying of it, until the returned function is called;
   * from then on they do nothing, as the process is about to end by itself.
   */
  onSignal(listener: (signal: CancelSignal) => void): () => void;
  /** Kills a process group at once; a group that is already gone is no error. */
  killGroup(processGroup: number): void;
  /** Sends a signal to one process; one that is already gone is no error. */
  sendSignal(pid: number, signal: CancelSignal): void;
  /**
   * Starts this program once more, in a session of its own: what happens to this process, its group or
   * its terminal does not happen to that one.
   */
  spawnDetached(argv: readonly string[], env: Io['env']): DetachedProcess;
}
