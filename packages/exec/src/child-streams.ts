import type { ChildProcess } from 'node:child_process';
import { setImmediate } from 'node:timers/promises';

import type { OutputCapture } from './output-capture.js';
import type { ProblemList } from './problem-list.js';
import type { OutputStream } from './run-options.js';

export interface StreamHandlers {
  readonly capture: OutputCapture;
  readonly problems: ProblemList;
  readonly onBytes: () => void;
}

/** Turns of the event loop that streams get to tell of their end once their time has passed. */
const lastTurns = 16;

/** The parent's ends of a child's standard streams. */
export class ChildStreams {
  readonly #child: ChildProcess;
  readonly #handlers: StreamHandlers;
  readonly #closed: Promise<void>;
  #isClosed = false;

  constructor(child: ChildProcess, handlers: StreamHandlers) {
    this.#child = child;
    this.#handlers = handlers;
    this.#closed = new Promise((resolve) => {
      child.once('close', () => {
        this.#isClosed = true;
        resolve();
      });
    });
    this.#read('stdout');
    this.#read('stderr');
  }

  /** Settles when the process was reaped and both output streams were read to their end. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  /** Hands over what the command reads. One that ends without reading it all is no failure. */
  feed(input: string | Uint8Array): void {
    const stdin = this.#child.stdin;
    stdin?.on('error', (error: NodeJS.ErrnoException) => {
      if (!isEarlyEnd(error.code)) this.#handlers.problems.add('stdin', error);
    });
    stdin?.end(input);
  }

  /** Gives up streams that somebody else keeps open. Returns whether they had ended after all. */
  async abandon(): Promise<boolean> {
    // Timers run before input is read. When this process was blocked while the drain time passed, by
    // a slow disk for instance, the last output and the end of the streams are still to be read. One
    // turn of the event loop reads them, and Node tells of the end some turns later; how many depends
    // on its version. A turn without anything to do takes microseconds.
    for (let turn = 0; turn < lastTurns && !this.#isClosed; turn += 1) await setImmediate();
    if (this.#isClosed) return true;
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      stream?.destroy();
    }
    // A process that survived SIGKILL must not keep this one alive.
    this.#child.unref();
    return false;
  }

  #read(name: OutputStream): void {
    const stream = this.#child[name];
    const { capture, problems, onBytes } = this.#handlers;
    stream?.on('error', (error) => {
      problems.add(name, error);
    });
    stream?.on('data', (chunk: Buffer) => {
      onBytes();
      capture.write(name, chunk);
    });
  }
}

/** EOF is what Windows says where others say EPIPE. */
function isEarlyEnd(code: string | undefined): boolean {
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'EOF';
}
