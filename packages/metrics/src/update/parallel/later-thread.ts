import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

import type { LaterHalf, LaterMessage, LaterRequest } from './later-half.js';

export interface LaterThreadOptions {
  /** Path or URL of the program. */
  readonly program: string | URL;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (bytesDone: number, lines: number) => void;
}

/** A thread that counts the second half of a history. Disposing of it ends it. */
export class LaterThread implements AsyncDisposable {
  /** `undefined` where the thread failed or was ended before it was done; rejects as `onProgress` throws. */
  readonly counted: Promise<LaterHalf | undefined>;
  readonly #worker: Worker;
  readonly #signal: AbortSignal | undefined;
  readonly #end = (): void => {
    void this.#worker.terminate();
  };

  constructor(request: LaterRequest, { program, signal, onProgress }: LaterThreadOptions) {
    const url = typeof program === 'string' ? pathToFileURL(program) : program;
    // Options of this process are none of its: some of them no thread may have.
    const worker = new Worker(url, { workerData: request, execArgv: [] });
    this.#worker = worker;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#end);
    this.counted = new Promise((resolve, reject) => {
      const giveUp = (): void => {
        resolve(undefined);
      };
      worker.on('message', (message: LaterMessage) => {
        if (message.kind === 'counted') resolve(message.later);
        else
          attempt(() => {
            onProgress(message.bytesDone, message.lines);
          }, reject);
      });
      worker.on('error', giveUp);
      worker.on('messageerror', giveUp);
      worker.on('exit', giveUp);
    });
    // Whoever is to know of it may still be counting.
    this.counted.catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#end);
    await this.#worker.terminate();
  }
}

function attempt(step: () => void, otherwise: (error: unknown) => void): void {
  try {
    step();
  } catch (error) {
    otherwise(error);
  }
}
