import { systemRandom } from '@codex-orchestrator/core';

import type { OutputStream } from '../io.js';
import { CommandFilter } from './command-filter.js';

/**
 * A stream of a process that GitHub Actions reads. What is written cannot issue workflow commands:
 * their markers are broken, which holds also where the lines of stdout and stderr arrive out of turn.
 * Commands of our own go through `issue`.
 */
export class GuardedStream implements OutputStream {
  readonly #stream: OutputStream;
  readonly #filter = new CommandFilter();

  constructor(stream: OutputStream) {
    this.#stream = stream;
  }

  get isTTY(): boolean {
    return this.#stream.isTTY;
  }

  readonly columns = (): number | undefined => this.#stream.columns();

  readonly isAbandoned = (): boolean => this.#stream.isAbandoned?.() === true;

  write(content: string | Uint8Array): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    this.#stream.write(this.#filter.push(bytes));
  }

  /** Prints a command of our own, on a line of its own. */
  issue(command: string): void {
    const line = `${this.#filter.isAtLineBreak ? '' : '\n'}${command}\n`;
    this.#filter.push(Buffer.from('\n'));
    this.#stream.write(line);
  }

  /** Prints text with workflow commands switched off around it. */
  writeInert(text: string): void {
    const resume = this.stopCommands();
    this.write(text);
    resume();
  }

  /** Switches workflow commands off, on both streams, until the returned function is first called. */
  stopCommands(): () => void {
    // Nobody can guess it, and so nobody inside can switch commands on again.
    const token = Buffer.from(systemRandom.bytes(16)).toString('hex');
    this.issue(`::stop-commands::${token}`);
    let isStopped = true;
    return () => {
      if (isStopped) this.issue(`::${token}::`);
      isStopped = false;
    };
  }
}
