import type { BatchPlace } from './batch-frame.js';

const OPENING = Buffer.from(',"batch":"');
const ID_DIGITS = 8;
const MOST_DIGITS = 7;

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

/** The bytes that every line of a batch has in front of its place, and that begin the end of the line. */
export function batchOpening({ id }: BatchPlace): Buffer {
  return Buffer.from(`,"batch":"${id}:`);
}

/**
 * Whether a line ends as lines of the batch do, and is not the last one of it. May be `false` for one that
 * is, with blanks behind it: this only spares parsing.
 */
export function continuesBatch(bytes: Buffer, end: number, opening: Buffer | undefined): boolean {
  if (opening === undefined || bytes[end - 1] !== BRACE || bytes[end - 2] !== QUOTE) return false;
  const size = digitsBefore(bytes, end - 2);
  if (bytes[size - 1] !== SLASH) return false;
  const index = digitsBefore(bytes, size - 1);
  const counts = { size: end - 2 - size, index: size - 1 - index };
  if (counts.index === 0 || counts.size > MOST_DIGITS || counts.index > counts.size) return false;
  if (bytes[index] === ZERO || bytes[size] === ZERO) return false;
  if (counts.index === counts.size && !isBelow(bytes, { index, size })) return false;
  if (index < opening.byteLength) return false;
  for (let nth = opening.byteLength - 1; nth >= 0; nth--) {
    if (bytes[index - opening.byteLength + nth] !== opening[nth]) return false;
  }
  return true;
}

/** Where the digits begin that end at a position. */
function digitsBefore(bytes: Buffer, end: number): number {
  let at = end;
  while (at > 0 && isDigit(bytes[at - 1])) at--;
  return at;
}

/** Whether the digits at one place are a smaller number than as many at the other. */
function isBelow(
  bytes: Buffer,
  { index, size }: { readonly index: number; readonly size: number },
): boolean {
  let at = 0;
  while (isDigit(bytes[size + at]) && bytes[index + at] === bytes[size + at]) at++;
  return isDigit(bytes[size + at]) && (bytes[index + at] ?? 0) < (bytes[size + at] ?? 0);
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

const BRACE = 125;
const QUOTE = 34;
const SLASH = 47;
const COLON = 58;
const ZERO = 48;

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= 57;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === 13 || byte === 9;
}
