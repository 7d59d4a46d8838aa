import { closeSync, openSync, readSync, statSync } from 'node:fs';

import type { RunEvent } from '@codex-orchestrator/manifest';

const peekBytes = 2048;

interface RunningLog {
  readonly path: string;
  size: number;
}

/** Looks at the end of what the running stages print: enough to show their last lines, cheap at any size. */
export class StagePeek {
  readonly #resolvePath: (recorded: string) => string;
  readonly #running = new Map<number, RunningLog>();

  constructor(resolvePath: (recorded: string) => string) {
    this.#resolvePath = resolvePath;
  }

  onEvent(event: RunEvent): void {
    if (event.type === 'stage.started' && event.log_path !== null) {
      const path = this.#tryResolve(event.log_path);
      if (path !== undefined) this.#running.set(event.index, { path, size: 0 });
    }
    if (event.type === 'stage.finished') this.#running.delete(event.index);
    if (event.type === 'run.resumed') this.#running.clear();
  }

  /** Calls back with the newest bytes of each stage that has printed something since the last call. */
  look(onOutput: (stageIndex: number, bytes: Buffer) => void): void {
    for (const [index, log] of this.#running) {
      const size = statSync(log.path, { throwIfNoEntry: false })?.size ?? 0;
      if (size === log.size) continue;
      const newBytes = size > log.size ? size - log.size : size;
      log.size = size;
      onOutput(index, readAt(log.path, size - Math.min(newBytes, peekBytes)));
    }
  }

  /** What a record names wrongly is not shown here, and ends nothing. */
  #tryResolve(recorded: string): string | undefined {
    try {
      return this.#resolvePath(recorded);
    } catch {
      return undefined;
    }
  }
}

/** A log that was put away meanwhile has nothing to show. */
function readAt(path: string, offset: number): Buffer {
  const bytes = Buffer.alloc(peekBytes);
  try {
    const fd = openSync(path, 'r');
    try {
      return bytes.subarray(0, readSync(fd, bytes, 0, peekBytes, offset));
    } finally {
      closeSync(fd);
    }
  } catch {
    return Buffer.alloc(0);
  }
}
