const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** One line of a file. It is a view: copy what must live longer than its batch. */
export interface Line {
  /** The content, without newline, carriage return before it, and byte order mark. */
  readonly bytes: Buffer;
  /** The content as text; bytes that are no UTF-8 become U+FFFD. */
  readonly text: string;
  /** Where the line begins in the file. */
  readonly offset: number;
  /** Where the next line begins. */
  readonly endOffset: number;
  /** Length of `bytes`. */
  readonly byteLength: number;
  /** Whether a newline ends it; only the last line of a file can be without. */
  readonly terminated: boolean;
}

/** The place of a line that was not delivered. */
export interface LinePosition {
  readonly offset: number;
  /** Without the newline. */
  readonly byteLength: number;
}

export interface ScanResult {
  readonly lines: Line[];
  readonly oversized: LinePosition[];
}

export interface LineScannerOptions {
  /** The file's offset of the first byte that will come. */
  readonly offset: number;
  readonly chunkBytes: number;
  readonly maxLineBytes: number;
  readonly maxLines: number;
}

/**
 * Cuts a stream of bytes into lines at byte 10 and nowhere else. The caller reads into `space()`
 * and says with `take` how much came. One buffer serves for everything; it holds at most one line
 * and one chunk.
 */
export class LineScanner {
  /** Lines delivered so far. */
  lines = 0;
  /** Behind the last newline that was dealt with. */
  nextOffset: number;

  readonly #options: LineScannerOptions;
  #buffer: Buffer;
  /** The file's offset of the buffer's first byte. */
  #bufferOffset: number;
  /** The line under way is `#buffer[#start..#end]`. */
  #start = 0;
  #end = 0;
  /** The line under way is too long: its bytes are not kept. */
  #skipping = false;

  constructor(options: LineScannerOptions) {
    this.#options = options;
    this.#buffer = Buffer.allocUnsafe(options.chunkBytes);
    this.#bufferOffset = options.offset;
    this.nextOffset = options.offset;
  }

  /** Whether the budget of lines is used up. */
  get isFull(): boolean {
    return this.lines >= this.#options.maxLines;
  }

  /** The line that no newline has ended yet. */
  get unfinished(): LinePosition | undefined {
    const byteLength = this.#bufferOffset + this.#end - this.nextOffset;
    return byteLength === 0 ? undefined : { offset: this.nextOffset, byteLength };
  }

  /** Room for the next read. Views of earlier lines are no longer valid. */
  space(maxBytes: number): Buffer {
    this.#moveToFront();
    const wanted = this.#end + Math.min(maxBytes, this.#options.chunkBytes);
    if (wanted > this.#buffer.byteLength) this.#grow(wanted);
    return this.#buffer.subarray(this.#end, wanted);
  }

  /** The lines that the bytes now in `space()` completed. */
  take(count: number): ScanResult {
    const result: ScanResult = { lines: [], oversized: [] };
    const filled = this.#buffer.subarray(0, this.#end + count);
    let from = this.#end;
    this.#end = filled.byteLength;
    while (!this.isFull) {
      const newline = filled.indexOf(NEWLINE, from);
      if (newline === -1) break;
      this.#deliver(result, newline, true);
      from = this.#start = newline + 1;
      this.nextOffset = this.#bufferOffset + from;
    }
    this.#dropOversized();
    return result;
  }

  /** The line without a newline at the end of everything. */
  finish(): ScanResult {
    const result: ScanResult = { lines: [], oversized: [] };
    if (this.unfinished) this.#deliver(result, this.#end, false);
    return result;
  }

  #deliver(result: ScanResult, end: number, terminated: boolean): void {
    const offset = this.nextOffset;
    const rawLength = this.#bufferOffset + end - offset;
    // In front of an empty line is a newline, so this needs no look at where the line begins.
    const isCrlf = terminated && this.#buffer[end - 1] === CARRIAGE_RETURN;
    const contentEnd = isCrlf ? end - 1 : end;
    if (this.#skipping || contentEnd - this.#start > this.#options.maxLineBytes) {
      this.#skipping = false;
      result.oversized.push({ offset, byteLength: rawLength });
      return;
    }
    this.lines += 1;
    const start = this.#start + (offset === 0 ? this.#markLength(contentEnd) : 0);
    const endOffset = offset + rawLength + (terminated ? 1 : 0);
    result.lines.push(
      new BufferLine(this.#buffer, { start, end: contentEnd, offset, endOffset, terminated }),
    );
  }

  #markLength(end: number): number {
    const head = this.#buffer.subarray(this.#start, Math.min(end, this.#start + 3));
    return head.equals(BYTE_ORDER_MARK) ? 3 : 0;
  }

  /** One byte more than allowed may be the carriage return of a newline that is still to come. */
  #dropOversized(): void {
    if (this.#end - this.#start > this.#options.maxLineBytes + 1) this.#skipping = true;
    if (this.#skipping) this.#start = this.#end;
  }

  #moveToFront(): void {
    if (this.#start === 0) return;
    this.#buffer.copyWithin(0, this.#start, this.#end);
    this.#bufferOffset += this.#start;
    this.#end -= this.#start;
    this.#start = 0;
  }

  #grow(neededBytes: number): void {
    const largest = this.#options.maxLineBytes + 1 + this.#options.chunkBytes;
    const doubled = Math.min(this.#buffer.byteLength * 2, largest);
    const grown = Buffer.allocUnsafe(Math.max(neededBytes, doubled));
    this.#buffer.copy(grown, 0, 0, this.#end);
    this.#buffer = grown;
  }
}

/** Makes its views and text only when asked: many readers skip most lines. */
class BufferLine implements Line {
  readonly offset: number;
  readonly endOffset: number;
  readonly terminated: boolean;
  readonly #buffer: Buffer;
  readonly #start: number;
  readonly #end: number;

  constructor(
    buffer: Buffer,
    place: {
      readonly start: number;
      readonly end: number;
      readonly offset: number;
      readonly endOffset: number;
      readonly terminated: boolean;
    },
  ) {
    this.#buffer = buffer;
    this.#start = place.start;
    this.#end = place.end;
    this.offset = place.offset;
    this.endOffset = place.endOffset;
    this.terminated = place.terminated;
  }

  get byteLength(): number {
    return this.#end - this.#start;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  get text(): string {
    return this.#buffer.toString('utf8', this.#start, this.#end);
  }
}
