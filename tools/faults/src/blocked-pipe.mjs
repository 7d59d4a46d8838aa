import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { until } from './until.mjs';

/**
 * A pipe that is full from the start: whoever writes to it waits in that very call until it is drained.
 * With it as standard output a run stops at its first event, which is before its first stage.
 */
export class BlockedPipe {
  /** For the program that is to wait. */
  writeEnd;
  #readEnd;

  /** @param {string} folder */
  constructor(folder) {
    const path = join(folder, 'blocked-pipe');
    execFileSync('mkfifo', [path]);
    this.#readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const filler = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    fill(filler);
    closeSync(filler);
    this.writeEnd = openSync(path, constants.O_WRONLY);
  }

  /**
   * Resolves when a process waits in a write to a pipe.
   *
   * @param {number} pid
   */
  async blocks(pid) {
    await until('the program to wait for its reader', () =>
      /pipe_write/.test(readFileSync(`/proc/${pid}/wchan`, 'latin1')),
    );
  }

  /** Takes out what is in it. */
  drain() {
    const chunk = Buffer.alloc(65_536);
    try {
      while (readSync(this.#readEnd, chunk) > 0);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EAGAIN') throw error;
    }
  }

  /** Nobody reads any more. */
  abandon() {
    if (this.#readEnd !== -1) closeSync(this.#readEnd);
    this.#readEnd = -1;
  }

  dispose() {
    this.abandon();
    closeSync(this.writeEnd);
  }
}

/** @param {number} fd */
function fill(fd) {
  for (const size of [4096, 1]) {
    const chunk = Buffer.alloc(size, '\n');
    try {
      for (;;) writeSync(fd, chunk);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EAGAIN') throw error;
    }
  }
}
