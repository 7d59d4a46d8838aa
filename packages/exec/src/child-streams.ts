import type { ChildProcess } from 'node:child_process';
import { setImmediate } from 'node:timers/promises';

import type { OutputCapture } from './output-capture.js';
import type { ProblemList } from './problem-list.js';
import type { OutputStream } from './run-options.js';

/** The most that is read from a stream after its time was up; far more than a pipe holds. */
const lastReadMaxBytes = 1024 * 1024;

export interface StreamHandlers {
  readonly capture: OutputCapture;
  readonly problems: ProblemList;
  readonly onBytes: () => void;
}

/** The parent's ends of a child's standard streams. */
export class ChildStreams {
  readonly #child: ChildProcess;
  readonly #handlers: StreamHandlers;
  readonly #closed: Promise<void>;
  #isClosed = false;
  #readBytes = 0;

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

  /**
   * Gives up streams that somebody else keeps open, after taking what is in them by now. Returns
   * whether that was all of it after all.
   */
  async abandon(): Promise<boolean> {
    await this.#readWhatIsThere();
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
      this.#readBytes += chunk.length;
      onBytes();
      capture.write(name, chunk);
    });
  }

  /**
   * Timers run before input is read: when this process was blocked for the whole drain time, by a
   * slow disk for instance, everything is still in the pipe. So each turn of the event loop that
   * brings something is followed by another one, up to a size, for a flood never ends.
   */
  async #readWhatIsThere(): Promise<void> {
    const limit = this.#readBytes + lastReadMaxBytes;
    let before: number;
    do {
      before = this.#readBytes;
      await setImmediate();
    } while (this.#readBytes > before && this.#readBytes < limit);
  }
}

/** EOF is what Windows says where others say EPIPE. */
function isEarlyEnd(code: string | undefined): boolean {
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'EOF';
}
