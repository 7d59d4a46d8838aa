/**
 * Where things end in JSON without white space. Every function takes the position of a first byte and
 * gives that behind the last one, or `NOWHERE`. It looks at the grammar alone, but at all of it: what
 * ends somewhere is what `JSON.parse` takes, too. The bytes must go on for a few behind `end`.
 */
export const NOWHERE = -1;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const BACKSLASH = 0x5c;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

export const MINUS = 0x2d;
const PLUS = 0x2b;
export const POINT = 0x2e;
export const ZERO = 0x30;
const LOWER_E = 0x65;
const LOWER_U = 0x75;
/** Four bytes as they are read at once, the first one lowest. */
const NULL = 0x6c6c756e;
const TRUE = 0x65757274;
const ALSE = 0x65736c61;

/** Nothing that is written by hand or by machine comes near; `JSON.parse` takes care of the rest. */
const MAX_DEPTH = 64;

/** The position behind the closing quote; `from` is that behind the opening one. */
export function endOfString(view: DataView, from: number, end: number): number {
  let at = from;
  for (;;) {
    const quote = nextSpecial(view, at, end);
    if (quote >= end) return NOWHERE;
    const byte = view.getUint8(quote);
    if (byte === QUOTE) return quote + 1;
    if (byte !== BACKSLASH) return NOWHERE;
    at = endOfEscape(view, quote);
    if (at === NOWHERE) return NOWHERE;
  }
}

/**
 * The position of the closing quote of a string that is ASCII and has no escapes; `NOWHERE` says only that
 * it is not such a one.
 */
export function endOfPlainString(view: DataView, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const word = view.getInt32(at, true);
    const found = specials(word) | (word & HIGH_BITS);
    if (found !== 0) {
      at += firstByte(found);
      return at < end && view.getUint8(at) === QUOTE ? at : NOWHERE;
    }
    at += 4;
  }
  return NOWHERE;
}

const HIGH_BITS = 0x80808080 | 0;

/** The first quote, backslash or control character, or some position from `end` on. */
function nextSpecial(view: DataView, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const found = specials(view.getInt32(at, true));
    if (found !== 0) return at + firstByte(found);
    at += 4;
  }
  return at;
}

/**
 * Marks the highest bit of each byte that is a quote, a backslash or less than a space. A borrow can mark
 * further bytes, but only above one that is marked for good reason.
 */
function specials(word: number): number {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  return (
    (((quote - 0x01010101) & ~quote) |
      ((backslash - 0x01010101) & ~backslash) |
      ((word - 0x20202020) & ~word)) &
    HIGH_BITS
  );
}

function firstByte(marks: number): number {
  return (31 - Math.clz32(marks & -marks)) >> 3;
}

function endOfEscape(view: DataView, backslash: number): number {
  const byte = view.getUint8(backslash + 1);
  if (byte !== LOWER_U) return isEscapable(byte) ? backslash + 2 : NOWHERE;
  for (let at = backslash + 2; at < backslash + 6; at += 1) {
    if (!isHexDigit(view.getUint8(at))) return NOWHERE;
  }
  return backslash + 6;
}

function isEscapable(byte: number): boolean {
  // " / \ b f n r t
  return (
    byte === QUOTE ||
    byte === BACKSLASH ||
    byte === 0x2f ||
    byte === 0x62 ||
    byte === 0x66 ||
    byte === 0x6e ||
    byte === 0x72 ||
    byte === 0x74
  );
}

function isHexDigit(byte: number): boolean {
  const lower = byte | 0x20;
  return isDigit(byte) || (lower >= 0x61 && lower <= 0x66);
}

export function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}

export function endOfNumber(view: DataView, from: number, end: number): number {
  let at = view.getUint8(from) === MINUS ? from + 1 : from;
  const first = view.getUint8(at);
  if (!isDigit(first)) return NOWHERE;
  at = first === ZERO ? at + 1 : endOfDigits(view, at, end);
  if (at === NOWHERE) return NOWHERE;
  if (view.getUint8(at) === POINT) {
    at = endOfDigits(view, at + 1, end);
    if (at === NOWHERE) return NOWHERE;
  }
  if ((view.getUint8(at) | 0x20) === LOWER_E) {
    const sign = view.getUint8(at + 1);
    at = endOfDigits(view, sign === MINUS || sign === PLUS ? at + 2 : at + 1, end);
  }
  return at;
}

/** At least one digit. */
function endOfDigits(view: DataView, from: number, end: number): number {
  let at = from;
  while (at < end && isDigit(view.getUint8(at))) at += 1;
  return at === from ? NOWHERE : at;
}

export function endOfValue(view: DataView, from: number, end: number): number {
  return endAtDepth(view, from, end, 0);
}

function endAtDepth(view: DataView, from: number, end: number, depth: number): number {
  const byte = view.getUint8(from);
  if (byte === QUOTE) return endOfString(view, from + 1, end);
  if (byte <= 0x39) return endOfNumber(view, from, end);
  if (byte === 0x6e) return view.getInt32(from, true) === NULL ? from + 4 : NOWHERE;
  if (byte === OPEN_BRACE) return endOfObject(view, from, end, depth);
  if (byte === OPEN_BRACKET) return endOfArray(view, from, end, depth);
  if (byte === 0x74) return view.getInt32(from, true) === TRUE ? from + 4 : NOWHERE;
  if (byte === 0x66) return view.getInt32(from + 1, true) === ALSE ? from + 5 : NOWHERE;
  return NOWHERE;
}

function endOfArray(view: DataView, from: number, end: number, depth: number): number {
  if (depth === MAX_DEPTH) return NOWHERE;
  if (view.getUint8(from + 1) === CLOSE_BRACKET) return from + 2;
  let at = from;
  do {
    at = endAtDepth(view, at + 1, end, depth + 1);
    if (at === NOWHERE || at >= end) return NOWHERE;
  } while (view.getUint8(at) === COMMA);
  return view.getUint8(at) === CLOSE_BRACKET ? at + 1 : NOWHERE;
}

function endOfObject(view: DataView, from: number, end: number, depth: number): number {
  if (depth === MAX_DEPTH) return NOWHERE;
  if (view.getUint8(from + 1) === CLOSE_BRACE) return from + 2;
  let at = from;
  do {
    if (view.getUint8(at + 1) !== QUOTE) return NOWHERE;
    at = endOfString(view, at + 2, end);
    if (at === NOWHERE || view.getUint8(at) !== COLON) return NOWHERE;
    at = endAtDepth(view, at + 1, end, depth + 1);
    if (at === NOWHERE || at >= end) return NOWHERE;
  } while (view.getUint8(at) === COMMA);
  return view.getUint8(at) === CLOSE_BRACE ? at + 1 : NOWHERE;
}
