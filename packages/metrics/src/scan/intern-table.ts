import { Stretch } from './stretch.js';

/** Longer strings are seldom the same. */
const MAX_BYTES = 56;

/** A string, with its bytes and the quote behind them. */
export class Interned {
  readonly text: string;
  readonly bytes = new Stretch();
  /** What followed it, where it was last seen. */
  next: Interned = this;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Keeps the strings that come again and again, so that they are made once. It is bounded: a string takes
 * the place of another one with the same short hash.
 */
export class InternTable {
  readonly #places = new Array<Interned | undefined>(1024).fill(undefined);

  /**
   * The string that the ASCII from `start` to `end` is, a quote following; `undefined` where it is not one
   * to be kept.
   */
  find(view: DataView, start: number, end: number): Interned | undefined {
    const byteLength = end - start;
    if (byteLength < 4 || byteLength > MAX_BYTES) return undefined;
    const head = view.getInt32(start, true);
    const tail = view.getInt32(end - 4, true);
    const hash = Math.imul(head ^ Math.imul(tail + byteLength, 0x85ebca6b), 0x9e3779b1);
    const place = hash >>> 22;
    let interned = this.#places[place];
    if (interned?.bytes.endAt(view, start) === end + 1) return interned;
    interned = new Interned(textOf(view, start, end));
    interned.bytes.learn(view, start, end + 1);
    this.#places[place] = interned;
    return interned;
  }
}

function textOf(view: DataView, start: number, end: number): string {
  return Buffer.from(view.buffer, view.byteOffset + start, end - start).toString('latin1');
}
