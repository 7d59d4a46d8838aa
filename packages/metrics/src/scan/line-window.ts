import type { EntryReader } from './entry-reader.js';
import type { EntryVisitor } from './scan-range.js';

const NEWLINE = 10;
/** Room behind the bytes, so that the reader can look at several bytes at once. */
const SLACK_BYTES = 64;

export interface LineWindowOptions {
  /** The source's offset of the first byte that will come. */
  readonly offset: number;
  readonly chunkBytes: number;
  readonly maxLineBytes: number;
  readonly reader: EntryReader;
}

/**
 * Cuts a stream of bytes into lines and reads them. The caller reads into `space()` and says with `take`
 * how much came. One buffer serves for everything; it holds at most one line and one chunk.
 */
export class LineWindow {
  /** Lines that were not blank. */
  lines = 0;
  /** Behind the last newline. */
  nextOffset: number;

  readonly #options: LineWindowOptions;
  #buffer: Buffer;
  /** The source's offset of the buffer's first byte. */
  #bufferOffset: number;
  /** The line under way is `#buffer[#start..#end]`. */
  #start = 0;
  #end = 0;
  /** The line under way is too long: its bytes are not kept. */
  #skipping = false;

  constructor(options: LineWindowOptions) {
    this.#options = options;
    this.#buffer = Buffer.allocUnsafeSlow(this.#capacityFor(options.chunkBytes));
    this.#bufferOffset = options.offset;
    this.nextOffset = options.offset;
  }

  /** Room for the next read. */
  space(maxBytes: number): Uint8Array {
    const wanted = Math.min(maxBytes, this.#options.chunkBytes);
    this.#makeRoom(wanted);
    return this.#buffer.subarray(this.#end, this.#end + wanted);
  }

  /** Reads the lines that the bytes now in `space()` completed. */
  take(count: number, visitor: EntryVisitor): void {
    const filled = this.#buffer.subarray(0, this.#end + count);
    let newline = filled.indexOf(NEWLINE, this.#end);
    this.#end += count;
    while (newline !== -1) {
      this.#visit(newline, visitor);
      this.#start = newline + 1;
      this.nextOffset = this.#bufferOffset + this.#start;
      newline = filled.indexOf(NEWLINE, this.#start);
    }
    this.#dropOversized();
  }

  #visit(newline: number, visitor: EntryVisitor): void {
    const offset = this.nextOffset;
    const endOffset = this.#bufferOffset + newline + 1;
    const byteLength = endOffset - 1 - offset;
    if (this.#skipping || byteLength > this.#options.maxLineBytes) {
      this.#skipping = false;
      this.lines += 1;
      visitor.damaged({ offset, byteLength, reason: 'oversized' });
      return;
    }
    const { reader } = this.#options;
    const facts = reader.read(this.#buffer, this.#start, newline);
    if (facts !== undefined) {
      this.lines += 1;
      visitor.entry(facts, reader, offset, endOffset);
    } else if (!reader.blank) {
      this.lines += 1;
      visitor.damaged({ offset, byteLength, reason: reader.problem ?? 'not-json' });
    }
  }

  /** Forgets the bytes of a line that is too long already: only where it ends is of interest. */
  #dropOversized(): void {
    if (!this.#skipping && this.#end - this.#start <= this.#options.maxLineBytes) return;
    this.#skipping = true;
    this.#bufferOffset += this.#end;
    this.#start = this.#end = 0;
  }

  /** Moves the line under way to the front, of a buffer that is no larger than it has to be. */
  #makeRoom(bytes: number): void {
    const kept = this.#end - this.#start;
    const target = this.#capacityFor(kept + bytes);
    if (target === this.#buffer.byteLength) {
      this.#buffer.copyWithin(0, this.#start, this.#end);
    } else {
      const larger = Buffer.allocUnsafeSlow(target);
      this.#buffer.copy(larger, 0, this.#start, this.#end);
      this.#buffer = larger;
    }
    this.#bufferOffset += this.#start;
    this.#start = 0;
    this.#end = kept;
  }

  #capacityFor(bytes: number): number {
    const { chunkBytes, maxLineBytes } = this.#options;
    let capacity = 2 * chunkBytes;
    while (capacity < bytes) capacity *= 2;
    return Math.min(capacity, maxLineBytes + 2 * chunkBytes) + SLACK_BYTES;
  }
}
