import { printableLine } from './printable.js';

const keptBytes = 2048;

/**
 * Remembers the end of a stage's output. Cheap to feed, however much comes: nothing is decoded until
 * somebody looks.
 */
export class LastLine {
  #tail: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): void {
    const joined = bytes.length >= keptBytes ? bytes : Buffer.concat([this.#tail, bytes]);
    this.#tail = joined.subarray(-keptBytes);
  }

  /** The last line with something to see on it, safe to print. A carriage return begins a line too. */
  text(maxColumns: number): string {
    const lines = this.#tail.toString('utf8').split(/[\r\n]+/);
    for (const line of lines.reverse()) {
      const text = printableLine(line, maxColumns);
      if (text !== '') return text;
    }
    return '';
  }
}
