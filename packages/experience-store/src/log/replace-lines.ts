import type { FileSystem } from '@codex-orchestrator/core';

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 10;

/** One line of an open file. Its bytes are valid until the next line is asked for. */
export interface OpenLine {
  /** Where it begins. */
  readonly offset: number;
  /** Its length on disk, the newline included. */
  readonly length: number;
  /** Without the newline; `undefined` where the line is longer than `maxLineBytes`. */
  readonly bytes: Buffer | undefined;
  /** Whether a newline ends it: only the last line of a file may have none. */
  readonly ended: boolean;
}

export interface OpenLinesOptions {
  readonly fs: FileSystem;
  /** The beginning of a line. */
  readonly from: number;
  /** Where to stop, which need not be the end of the file. */
  readonly end: number;
  readonly maxLineBytes: number;
}

/**
 * The lines of an open file. By descriptor and not by path, so that two passes read one file whatever is
 * renamed over its name in between. Holds one chunk and one line.
 *
 * @throws the errno errors of the file system.
 */
export function* linesOfOpenFile(fd: number, options: OpenLinesOptions): Generator<OpenLine> {
  const { fs, from, end, maxLineBytes } = options;
  const chunk = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK_BYTES, end - from)));
  const carry = new Carry(maxLineBytes);
  let offset = from;
  for (let position = from; position < end;) {
    const wanted = Math.min(chunk.byteLength, end - position);
    const count = fs.read(fd, chunk.subarray(0, wanted), position);
    if (count === 0) break;
    position += count;
    let start = 0;
    for (;;) {
      const stop = chunk.subarray(0, count).indexOf(NEWLINE, start);
      if (stop < 0) break;
      const line = carry.finish(chunk.subarray(start, stop));
      yield { offset, length: line.length + 1, bytes: line.bytes, ended: true };
      offset += line.length + 1;
      start = stop + 1;
    }
    carry.add(chunk.subarray(start, count));
  }
  if (carry.length === 0) return;
  const { length, bytes } = carry.finish(Buffer.alloc(0));
  yield { offset, length, bytes, ended: false };
}

/** What of a line came with earlier chunks; of a line that is too long only its length. */
class Carry {
  length = 0;
  #parts: Buffer[] = [];
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(part: Buffer): void {
    if (part.byteLength === 0) return;
    this.length += part.byteLength;
    // A copy: the chunk is filled anew.
    if (this.length <= this.#maxBytes) this.#parts.push(Buffer.from(part));
    else this.#parts = [];
  }

  finish(last: Buffer): { readonly length: number; readonly bytes: Buffer | undefined } {
    const length = this.length + last.byteLength;
    const fits = length <= this.#maxBytes;
    const bytes = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last]);
    this.length = 0;
    this.#parts = [];
    return { length, bytes: fits ? bytes : undefined };
  }
}
