const newline = 10;

export interface LineCutterOptions {
  /** A longer line is skipped, not kept. */
  readonly maxLineBytes: number;
  /** The first byte of the lines that are wanted. @default any */
  readonly firstByte?: number;
  readonly onLine: (line: string) => void;
}

/**
 * Cuts a stream of bytes into lines. It keeps the start of one line at most, and that only while it is
 * wanted and not too long.
 */
export class LineCutter {
  readonly #options: LineCutterOptions;
  readonly #pieces: Buffer[] = [];
  #length = 0;
  #isSkipping = false;

  constructor(options: LineCutterOptions) {
    this.#options = options;
  }

  push(bytes: Buffer): void {
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(newline, start);
      if (end === -1) break;
      this.#take(bytes.subarray(start, end));
      this.#deliver();
      start = end + 1;
    }
    if (start < bytes.length) this.#take(bytes.subarray(start));
  }

  /** The last line, where nothing ended it. */
  end(): void {
    this.#deliver();
  }

  #take(piece: Buffer): void {
    if (this.#isSkipping || piece.length === 0) return;
    const { firstByte, maxLineBytes } = this.#options;
    const isUnwanted = this.#length === 0 && firstByte !== undefined && piece[0] !== firstByte;
    if (isUnwanted || this.#length + piece.length > maxLineBytes) {
      this.#isSkipping = true;
      this.#pieces.length = 0;
      return;
    }
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  #deliver(): void {
    const [first] = this.#pieces;
    const line = this.#pieces.length > 1 ? Buffer.concat(this.#pieces) : first;
    this.#pieces.length = 0;
    this.#length = 0;
    this.#isSkipping = false;
    if (line !== undefined) this.#options.onLine(line.toString('utf8'));
  }
}
