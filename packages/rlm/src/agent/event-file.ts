import { createSha256, writeAll } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import type { AgentEvent } from './agent.js';

/** What the end of a turn needs, and the line that says what was left out. */
const maxReserveBytes = 64 * 1024;

/**
 * The events of one turn, one JSON per line. When it is full, only the last words still fit, behind a
 * line that says how many events are missing. A disk that refuses it costs the file and nothing else.
 */
export class EventFile {
  readonly #path: string;
  readonly #fs: FileSystem;
  readonly #maxBytes: number;
  readonly #reserveBytes: number;
  readonly #digest = createSha256();
  #fd: number | undefined;
  #bytes = 0;
  #omitted = 0;
  #hasFailed = false;

  constructor(path: string, options: { readonly fs: FileSystem; readonly maxBytes: number }) {
    this.#path = path;
    this.#fs = options.fs;
    this.#maxBytes = options.maxBytes;
    this.#reserveBytes = Math.min(maxReserveBytes, Math.floor(options.maxBytes / 4));
  }

  /** Whether something did not fit any more: then there is no need to prepare further events. */
  get isFull(): boolean {
    return this.#omitted > 0;
  }

  /** Counts an event that is not written. */
  omit(): void {
    this.#omitted += 1;
  }

  /** Its texts must be fit to be kept. */
  add(event: AgentEvent): void {
    const line = `${JSON.stringify(event)}\n`;
    const isLast = event.type === 'end';
    const room = this.#maxBytes - (isLast ? 0 : this.#reserveBytes);
    if (this.#bytes + Buffer.byteLength(line) > room) {
      this.#omitted += 1;
      return;
    }
    if (isLast) this.#tellOmitted();
    this.#write(line);
  }

  /** What is in the file, which there is from the first event on; undefined where something went wrong. */
  close(): { readonly bytes: number; readonly sha256: string } | undefined {
    this.#tellOmitted();
    const fd = this.#fd;
    if (fd === undefined) return undefined;
    this.#fd = undefined;
    this.#attempt(() => {
      this.#fs.close(fd);
    });
    if (this.#hasFailed) return undefined;
    return { bytes: this.#bytes, sha256: this.#digest.digest('hex') };
  }

  #tellOmitted(): void {
    if (this.#omitted === 0) return;
    this.#write(`${JSON.stringify({ type: 'omitted', events: this.#omitted })}\n`);
    this.#omitted = 0;
  }

  #write(line: string): void {
    if (this.#hasFailed) return;
    const bytes = Buffer.from(line);
    this.#attempt(() => {
      // The agent works already: what it may have put there is neither written through nor waited for.
      this.#fd ??= this.#fs.open(this.#path, 'wx');
      writeAll(this.#fs, this.#fd, bytes);
      this.#digest.update(bytes);
    });
    this.#bytes += bytes.byteLength;
  }

  #attempt(step: () => void): void {
    try {
      step();
    } catch {
      this.#hasFailed = true;
    }
  }
}
