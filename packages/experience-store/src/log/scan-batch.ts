import type { BatchPlace } from './batch-frame.js';

const OPENING = Buffer.from(',"batch":"');
const ID_DIGITS = 8;
const MOST_DIGITS = 7;
/** Where the number of a line begins in what the line ends with. */
const DIGITS_AT = OPENING.byteLength + ID_DIGITS + 1;

/**
 * The place in a batch that a line ends with, read from its bytes: to tell whether a batch is whole, the
 * lines that a look-up has no use for need not be parsed.
 *
 * @param end Behind the last byte of the line, its newline not included.
 */
export function batchPlaceAt(bytes: Buffer, start: number, end: number): BatchPlace | undefined {
  let at = end - 1;
  while (at > start && isSpace(bytes[at])) at--;
  if (at - start < OPENING.byteLength || bytes[at] !== BRACE || bytes[at - 1] !== QUOTE) return;
  const size = numberBefore(bytes, at - 1, start);
  if (size === undefined || bytes[size.at - 1] !== SLASH) return;
  const index = numberBefore(bytes, size.at - 1, start);
  if (index === undefined || bytes[index.at - 1] !== COLON) return;
  const idAt = index.at - 1 - ID_DIGITS;
  if (!opensAt(bytes, idAt - OPENING.byteLength, start) || !isHex(bytes, idAt)) return;
  if (index.value < 1 || size.value < 2 || index.value > size.value) return;
  const id = bytes.toString('latin1', idAt, idAt + ID_DIGITS);
  return { id, index: index.value, size: size.value };
}

/**
 * Walks over the lines of a batch that stand between those that are looked for. As a rule each has the
 * number behind that of the line before it, so its end is known and one comparison tells that it is there.
 */
export class BatchWalk {
  readonly #id: string;
  #next: number;
  #size: number;
  /** What the next line ends with. */
  #tail: Buffer;
  /** Where its number of the line ends. */
  #lastDigit = 0;

  /** @param place Of the last line that was seen. */
  constructor({ id, index, size }: BatchPlace) {
    this.#id = id;
    this.#next = index + 1;
    this.#size = size;
    this.#tail = this.#makeTail();
  }

  /**
   * Returns where the first line begins that is not known, without parsing, to be of the batch and not its
   * last one, or that ends at a position or behind it.
   *
   * @param from The beginning of a line.
   */
  skip(bytes: Buffer, from: number, until: number): number {
    for (let at = from; ;) {
      const end = bytes.indexOf(NEWLINE, at);
      if (end < 0 || end >= until) return at;
      if (!this.#isNext(bytes, at, end) && !this.#isLater(bytes, at, end)) return at;
      this.step();
      at = end + 1;
    }
  }

  /** A line of the batch was seen. */
  step(): void {
    this.#next++;
    const tail = this.#tail;
    // In place: to make it anew takes longer than all else that is done with a line.
    let at = this.#lastDigit;
    while (tail[at] === NINE) tail[at--] = ZERO;
    if (isDigit(tail[at])) tail[at] = (tail[at] ?? 0) + 1;
    else this.#tail = this.#makeTail();
  }

  #isNext(bytes: Buffer, start: number, end: number): boolean {
    const tail = this.#tail;
    const offset = end - tail.byteLength;
    if (this.#next >= this.#size || offset < start) return false;
    for (let at = tail.byteLength - 1; at >= 0; at--) {
      if (bytes[offset + at] !== tail[at]) return false;
    }
    return true;
  }

  /** Lines before it are missing, or were seen elsewhere. */
  #isLater(bytes: Buffer, start: number, end: number): boolean {
    const place = batchPlaceAt(bytes, start, end);
    if (place?.id !== this.#id || place.index >= place.size) return false;
    this.#next = place.index;
    this.#size = place.size;
    this.#tail = this.#makeTail();
    return true;
  }

  #makeTail(): Buffer {
    const index = String(this.#next);
    this.#lastDigit = DIGITS_AT + index.length - 1;
    return Buffer.from(`,"batch":"${this.#id}:${index}/${this.#size}"}`);
  }
}

/** Whether a line has nothing on it: a record that was forgotten in place, or nothing at all. */
export function isBlankLine(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isSpace(bytes[at])) return false;
  return true;
}

interface NumberAt {
  readonly value: number;
  readonly at: number;
}

/** The number whose last digit stands before a position. */
function numberBefore(bytes: Buffer, end: number, start: number): NumberAt | undefined {
  let value = 0;
  let unit = 1;
  let at = end;
  while (at > start && isDigit(bytes[at - 1])) {
    at--;
    value += ((bytes[at] ?? 0) - ZERO) * unit;
    unit *= 10;
  }
  const digits = end - at;
  return digits === 0 || digits > MOST_DIGITS || bytes[at] === ZERO ? undefined : { value, at };
}

function opensAt(bytes: Buffer, at: number, start: number): boolean {
  if (at < start) return false;
  for (let nth = 0; nth < OPENING.byteLength; nth++) {
    if (bytes[at + nth] !== OPENING[nth]) return false;
  }
  return true;
}

function isHex(bytes: Buffer, start: number): boolean {
  for (let at = start; at < start + ID_DIGITS; at++) {
    const byte = bytes[at] ?? 0;
    if (!isDigit(byte) && (byte < 97 || byte > 102)) return false;
  }
  return true;
}

const NEWLINE = 10;
const BRACE = 125;
const QUOTE = 34;
const SLASH = 47;
const COLON = 58;
const ZERO = 48;
const NINE = 57;

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === 13 || byte === 9;
}
