import type { Stats } from 'node:fs';

import { codeOf, messageOf } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { ExperienceError } from '../errors.js';
import type { ExperienceLayout } from '../layout.js';
import { openFlags } from './open-flags.js';

/** A log that is open for reading: the same file for every pass, whatever gets its name meanwhile. */
export class OpenLog implements Disposable {
  readonly fd: number;
  /** As it was opened; appends move its end. */
  readonly stats: Stats;
  readonly #fs: FileSystem;
  #isOpen = true;

  constructor(fd: number, stats: Stats, fs: FileSystem) {
    this.fd = fd;
    this.stats = stats;
    this.#fs = fs;
  }

  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.#fs.close(this.fd);
    } catch {
      // Nothing was written through it, and it is gone in either case.
    }
  }
}

/**
 * `undefined` where there is no log.
 *
 * @throws ExperienceError `STORE_UNREADABLE`
 */
export function openLog(layout: ExperienceLayout, fs: FileSystem): OpenLog | undefined {
  const path = layout.logPath;
  try {
    return openRegularFile(path, fs);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    const message = `Cannot read the experiences "${path}": ${messageOf(cause)}`;
    throw new ExperienceError('STORE_UNREADABLE', message, { path, cause });
  }
}

function openRegularFile(path: string, fs: FileSystem): OpenLog {
  const fd = fs.open(path, openFlags.read);
  try {
    const stats = fs.fstat(fd);
    if (!stats.isFile()) throw new Error('it is not a regular file');
    return new OpenLog(fd, stats, fs);
  } catch (error) {
    fs.close(fd);
    throw error;
  }
}
