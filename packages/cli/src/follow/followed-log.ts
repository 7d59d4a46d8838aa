import { closeSync, openSync, readSync } from 'node:fs';

const chunkBytes = 64 * 1024;

/**
 * A log file that is read as it grows, with memory for one chunk. It stays with the file that it found,
 * whatever happens to the name.
 */
export class FollowedLog implements Disposable {
  readonly #fd: number;
  readonly #chunk = Buffer.allocUnsafe(chunkBytes);
  #offset = 0;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Returns undefined when there is no such file (yet). */
  static tryOpen(path: string): FollowedLog | undefined {
    try {
      return new FollowedLog(openSync(path, 'r'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Leaves out what lies before this place. */
  skipTo(offset: number): void {
    this.#offset = offset;
  }

  /**
   * Delivers the next bytes, at most one chunk; returns false when there are none for now. The bytes
   * are valid during the call.
   */
  read(visit: (bytes: Buffer) => void): boolean {
    const count = readSync(this.#fd, this.#chunk, 0, chunkBytes, this.#offset);
    if (count === 0) return false;
    this.#offset += count;
    visit(this.#chunk.subarray(0, count));
    return true;
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}
