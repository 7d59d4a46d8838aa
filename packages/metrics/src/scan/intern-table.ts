const PLACES_LOG2 = 10;
const MAX_BYTES = 60;
const STRIDE = 64;

/**
 * Keeps the strings that come again and again, so that they are made once. It is bounded: a string takes
 * the place of another one with the same short hash.
 */
export class InternTable {
  readonly #strings: string[] = new Array<string>(2 ** PLACES_LOG2).fill('');
  readonly #lengths = new Uint8Array(2 ** PLACES_LOG2);
  readonly #kept = Buffer.alloc(2 ** PLACES_LOG2 * STRIDE);
  readonly #keptView = viewOf(this.#kept);

  /** The string that the ASCII in `buffer[start..end]` is; `view` shows the same bytes. */
  get(buffer: Buffer, view: DataView, start: number, end: number): string {
    const length = end - start;
    if (length < 4 || length > MAX_BYTES) return buffer.toString('latin1', start, end);
    const head = view.getInt32(start, true);
    const tail = view.getInt32(end - 4, true);
    const place =
      Math.imul(head ^ Math.imul(tail + length, 0x85ebca6b), 0x9e3779b1) >>> (32 - PLACES_LOG2);
    if (this.#lengths[place] === length && this.#holds(place, view, start, length)) {
      return this.#strings[place] ?? '';
    }
    const text = buffer.toString('latin1', start, end);
    buffer.copy(this.#kept, place * STRIDE, start, end);
    this.#lengths[place] = length;
    this.#strings[place] = text;
    return text;
  }

  #holds(place: number, view: DataView, start: number, length: number): boolean {
    const kept = this.#keptView;
    const first = place * STRIDE;
    const last = length - 4;
    for (let at = 0; at < last; at += 4) {
      if (view.getInt32(start + at, true) !== kept.getInt32(first + at, true)) return false;
    }
    return view.getInt32(start + last, true) === kept.getInt32(first + last, true);
  }
}

/** A view of all the bytes of a buffer. */
export function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
