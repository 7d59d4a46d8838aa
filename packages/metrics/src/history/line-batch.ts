/** Whatever the limits are, this much is written at once at most, and so held in memory. */
const MOST_BYTES = 8 * 2 ** 20;

const NEWLINE = Buffer.of(10);

export interface BatchLimits {
  /** 0 and less mean no limit. */
  readonly maxLines: number;
  /** Newlines included; a single line may be longer. 0 and less mean no limit. */
  readonly maxBytes: number;
}

/** Collects lines and hands them on as one buffer, each with its newline, before a limit is exceeded. */
export class LineBatch {
  /** Lines handed on so far. */
  lines = 0;

  readonly #maxLines: number;
  readonly #maxBytes: number;
  readonly #write: (lines: Buffer) => void;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor({ maxLines, maxBytes }: BatchLimits, write: (lines: Buffer) => void) {
    this.#maxLines = maxLines > 0 ? maxLines : Infinity;
    this.#maxBytes = Math.min(maxBytes > 0 ? maxBytes : Infinity, MOST_BYTES);
    this.#write = write;
  }

  /** The line is copied. */
  add(line: Buffer): void {
    const bytes = this.#bytes + line.byteLength + 1;
    if (this.#pieces.length >= this.#maxLines || bytes > this.#maxBytes) this.flush();
    this.#pieces.push(Buffer.concat([line, NEWLINE]));
    this.#bytes += line.byteLength + 1;
  }

  flush(): void {
    if (this.#pieces.length === 0) return;
    this.#write(Buffer.concat(this.#pieces));
    this.lines += this.#pieces.length;
    this.#pieces = [];
    this.#bytes = 0;
  }
}
