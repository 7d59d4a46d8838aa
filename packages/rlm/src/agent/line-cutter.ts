const newline = 10;

/** A piece can be one byte, and each of them costs what a hundred bytes do. */
const maxPieces = 1024;

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
  /** What a line that is wanted begins with, behind the end of another. */
  readonly #wantedStart: Buffer;
  readonly #pieces: Buffer[] = [];
  #length = 0;
  #isSkipping = false;

  constructor(options: LineCutterOptions) {
    this.#options = options;
    const { firstByte } = options;
    this.#wantedStart = Buffer.from(firstByte === undefined ? [newline] : [newline, firstByte]);
  }

  push(bytes: Buffer): void {
    let start = 0;
    while (start < bytes.length) {
      if (this.#isSkipping || !this.#isWanted(bytes[start])) {
        start = this.#skip(bytes, start);
        continue;
      }
      const end = bytes.indexOf(newline, start);
      this.#keep(bytes.subarray(start, end === -1 ? bytes.length : end));
      if (end === -1) return;
      this.#deliver();
      start = end + 1;
    }
  }

  /** The last line, where nothing ended it. */
  end(): void {
    this.#deliver();
  }

  /** Only the first byte of a line says whether it is wanted. */
  #isWanted(byte: number | undefined): boolean {
    const { firstByte } = this.#options;
    return this.#length > 0 || firstByte === undefined || byte === firstByte;
  }

  /** Where the next line begins that is wanted: one search, however many lines are not. */
  #skip(bytes: Buffer, start: number): number {
    const at = bytes.indexOf(this.#wantedStart, start);
    this.#isSkipping = at === -1 && bytes[bytes.length - 1] !== newline;
    return at === -1 ? bytes.length : at + 1;
  }

  #keep(piece: Buffer): void {
    if (this.#isSkipping) return;
    this.#length += piece.length;
    if (this.#length > this.#options.maxLineBytes) {
      this.#isSkipping = true;
      this.#pieces.length = 0;
      this.#length = 0;
    } else {
      this.#pieces.push(piece);
      if (this.#pieces.length >= maxPieces)
        this.#pieces.splice(0, maxPieces, Buffer.concat(this.#pieces));
    }
  }

  #deliver(): void {
    const [first] = this.#pieces;
    const line = this.#pieces.length > 1 ? Buffer.concat(this.#pieces) : first;
    this.#pieces.length = 0;
    this.#length = 0;
    this.#isSkipping = false;
    if (line !== undefined && line.length > 0) this.#options.onLine(line.toString('utf8'));
  }
}
