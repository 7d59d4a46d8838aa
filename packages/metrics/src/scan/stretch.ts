import type { Member } from './member.js';

/** Longer ones are not kept: hardly anything that long comes again and again. */
const MAX_BYTES = 2048;

/** A member within a stretch that is wanted, with its value as it always is there. */
export interface Constant {
  readonly kind: number;
  readonly place: number;
  readonly number: number;
  readonly text: string | null;
}

/**
 * What lies between two values that vary from line to line: from behind the one to the key of the next,
 * or to the end of the object, as it was in the line that it was learned from. Where the same bytes come
 * again, so does what they mean: there is no need to look at each member again.
 *
 * It is compared eight bytes at a time as one double. Doubles of other bytes can be equal only where both
 * are zero, and no byte of a stretch is.
 */
export class Stretch {
  /** The member whose key it ends with; `undefined` where the object ends, or where nothing is learned. */
  leadsTo: Member | undefined = undefined;
  /** `undefined` where there are none. */
  constants: readonly Constant[] | undefined = undefined;

  #byteLength = 0;
  #bytes = nothing;
  /** The first eight bytes, where there are no more, and which bits of them count. */
  #low = 0;
  #high = 0;
  #lowMask = 0;
  #highMask = 0;

  /** Where it ends when it begins at a position; -1 where other bytes lie there. */
  endAt(view: DataView, from: number): number {
    const byteLength = this.#byteLength;
    if (byteLength <= 8) {
      const low = (view.getInt32(from, true) ^ this.#low) & this.#lowMask;
      const high = (view.getInt32(from + 4, true) ^ this.#high) & this.#highMask;
      return (low | high) === 0 && byteLength !== 0 ? from + byteLength : -1;
    }
    const own = this.#bytes;
    const last = byteLength - 8;
    for (let at = 0; at < last; at += 8) {
      if (view.getFloat64(from + at, true) !== own.getFloat64(at, true)) return -1;
    }
    const isSame = view.getFloat64(from + last, true) === own.getFloat64(last, true);
    return isSame ? from + byteLength : -1;
  }

  /** Where the first byte lies that is another one, when it begins at a position; -1 where none is. */
  differenceAt(view: DataView, from: number): number {
    for (let at = 0; at < this.#byteLength; at += 1) {
      if (view.getUint8(from + at) !== this.#bytes.getUint8(at)) return from + at;
    }
    return -1;
  }

  /** Becomes what lies from `start` to `end`. */
  learn(view: DataView, start: number, end: number): void {
    const byteLength = end - start;
    this.#byteLength = byteLength > MAX_BYTES ? 0 : byteLength;
    if (this.#byteLength === 0) return;
    // Whole words are written, and the first two are read, however few bytes there are.
    if (byteLength + 8 > this.#bytes.byteLength) {
      this.#bytes = new DataView(new ArrayBuffer(2 * byteLength + 8));
    }
    const own = this.#bytes;
    for (let at = 0; at < byteLength; at += 4) {
      own.setInt32(at, view.getInt32(start + at, true), true);
    }
    this.#low = own.getInt32(0, true);
    this.#high = own.getInt32(4, true);
    this.#lowMask = maskOf(byteLength);
    this.#highMask = maskOf(byteLength - 4);
  }
}

const nothing = new DataView(new ArrayBuffer(0));

/** Of a word of four bytes, the bits of the first so many. */
function maskOf(bytes: number): number {
  if (bytes <= 0) return 0;
  return bytes >= 4 ? -1 : (1 << (8 * bytes)) - 1;
}

/** A view of all the bytes of a buffer. */
export function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
