/*
 * Where things end in JSON without white space. Every function takes the position of a first byte and gives
 * that behind the last one, or -1. It looks at the grammar alone, but at all of it: what ends somewhere is
 * what `JSON.parse` takes, too. The bytes must go on for a few behind `end`.
 *
 * Bytes are written as numbers: constants of a module are variables once it is bundled, and these are the
 * innermost loops. Words are four bytes with the first one lowest, seen as signed numbers.
 */

/**
 * The position behind the closing quote; `from` is that behind the opening one. Marks are the highest bits
 * of those bytes that are a backslash or less than 0x23: a quote, a control character, or " " and "!", which
 * are seldom in these strings. A borrow can mark further bytes, but only above one that is marked rightly.
 */
export function endOfString(view: DataView, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const word = view.getInt32(at, true);
    const other = word ^ 0x5c5c5c5c;
    const marks = (((word - 0x23232323) & ~word) | ((other - 0x01010101) & ~other)) & -0x7f7f7f80;
    if (marks === 0) {
      at += 4;
      continue;
    }
    at += (31 - Math.clz32(marks & -marks)) >> 3;
    const byte = view.getUint8(at);
    if (byte === 0x22 /* " */) return at < end ? at + 1 : -1;
    if (byte === 0x5c /* \ */) at = endOfEscape(view, at);
    else at = byte >= 0x20 ? at + 1 : -1;
    if (at === -1) return -1;
  }
  return -1;
}

/**
 * The same for a string that is ASCII and has no escapes; -1 says only that it is not such a one. Bytes from
 * 0x80 on are marked as well.
 */
export function endOfPlainString(view: DataView, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const word = view.getInt32(at, true);
    const other = word ^ 0x5c5c5c5c;
    const marks = ((word - 0x23232323) | ((other - 0x01010101) & ~other) | word) & -0x7f7f7f80;
    if (marks === 0) {
      at += 4;
      continue;
    }
    at += (31 - Math.clz32(marks & -marks)) >> 3;
    const byte = view.getUint8(at);
    if (byte === 0x22 /* " */) return at < end ? at + 1 : -1;
    if (byte !== 0x20 && byte !== 0x21) return -1;
    at += 1;
  }
  return -1;
}

function endOfEscape(view: DataView, backslash: number): number {
  const byte = view.getUint8(backslash + 1);
  if (byte !== 0x75 /* u */) return isEscapable(byte) ? backslash + 2 : -1;
  for (let at = backslash + 2; at < backslash + 6; at += 1) {
    if (!isHexDigit(view.getUint8(at))) return -1;
  }
  return backslash + 6;
}

function isEscapable(byte: number): boolean {
  return (
    byte === 0x22 /* " */ ||
    byte === 0x5c /* \ */ ||
    byte === 0x2f /* / */ ||
    byte === 0x62 /* b */ ||
    byte === 0x66 /* f */ ||
    byte === 0x6e /* n */ ||
    byte === 0x72 /* r */ ||
    byte === 0x74 /* t */
  );
}

function isHexDigit(byte: number): boolean {
  const lower = byte | 0x20;
  return isDigit(byte) || (lower >= 0x61 && lower <= 0x66);
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

export function endOfNumber(view: DataView, from: number, end: number): number {
  let at = view.getUint8(from) === 0x2d /* - */ ? from + 1 : from;
  at = view.getUint8(at) === 0x30 /* 0 */ ? at + 1 : endOfDigits(view, at, end);
  if (at === -1) return -1;
  if (view.getUint8(at) === 0x2e /* . */) {
    at = endOfDigits(view, at + 1, end);
    if (at === -1) return -1;
  }
  if ((view.getUint8(at) | 0x20) === 0x65 /* e */) {
    const sign = view.getUint8(at + 1);
    const isSigned = sign === 0x2b /* + */ || sign === 0x2d; /* - */
    at = endOfDigits(view, isSigned ? at + 2 : at + 1, end);
  }
  return at;
}

/** At least one digit. */
function endOfDigits(view: DataView, from: number, end: number): number {
  let at = from;
  while (at < end && isDigit(view.getUint8(at))) at += 1;
  return at === from ? -1 : at;
}

/** Values may be nested 64 deep: nobody writes more, and `JSON.parse` takes care of those who do. */
export function endOfValue(view: DataView, from: number, end: number, depth = 0): number {
  const byte = view.getUint8(from);
  if (byte === 0x22 /* " */) return endOfString(view, from + 1, end);
  if (byte <= 0x39 /* 9 */) return endOfNumber(view, from, end);
  if (byte === 0x6e) return view.getInt32(from, true) === 0x6c6c756e /* null */ ? from + 4 : -1;
  if (byte === 0x74) return view.getInt32(from, true) === 0x65757274 /* true */ ? from + 4 : -1;
  if (byte === 0x66) return view.getInt32(from + 1, true) === 0x65736c61 /* alse */ ? from + 5 : -1;
  if (depth === 64) return -1;
  if (byte === 0x7b /* { */) return endOfObject(view, from, end, depth);
  return byte === 0x5b /* [ */ ? endOfArray(view, from, end, depth) : -1;
}

function endOfArray(view: DataView, from: number, end: number, depth: number): number {
  if (view.getUint8(from + 1) === 0x5d /* ] */) return from + 2;
  let at = from;
  do {
    at = endOfValue(view, at + 1, end, depth + 1);
    if (at === -1 || at >= end) return -1;
  } while (view.getUint8(at) === 0x2c /* , */);
  return view.getUint8(at) === 0x5d /* ] */ ? at + 1 : -1;
}

function endOfObject(view: DataView, from: number, end: number, depth: number): number {
  if (view.getUint8(from + 1) === 0x7d /* } */) return from + 2;
  let at = from;
  do {
    if (view.getUint8(at + 1) !== 0x22 /* " */) return -1;
    at = endOfString(view, at + 2, end);
    if (at === -1 || view.getUint8(at) !== 0x3a /* : */) return -1;
    at = endOfValue(view, at + 1, end, depth + 1);
    if (at === -1 || at >= end) return -1;
  } while (view.getUint8(at) === 0x2c /* , */);
  return view.getUint8(at) === 0x7d /* } */ ? at + 1 : -1;
}
