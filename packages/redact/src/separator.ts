import { commonClasses } from './byte-class.js';

/**
 * How far the text after a keyword is read. Nothing of it is secret, so nothing of it waits: only this
 * much is remembered from chunk to chunk.
 */
export interface Separator {
  /** Where it goes on. */
  at: number;
  readonly isHeader: boolean;
  /** Whether the keyword stood in quotes, as in JSON. */
  isQuoted: boolean;
  hasSign: boolean;
  /** Within a colour code: 1 after the escape character, 2 after its bracket. */
  escape: 0 | 1 | 2;
}

export function separatorAfter(end: number, isHeader: boolean): Separator {
  return { at: end, isHeader, isQuoted: false, hasSign: false, escape: 0 };
}

const escapeByte = 0x1b;
const closers: ReadonlySet<number> = new Set(Buffer.from('\\"\'`]'));

/**
 * Reads blanks, colour codes, what closes a quoted keyword, and one `:` or `=`. Answers whether a value
 * follows (at `separator.at`), nothing does, or the data is used up.
 */
export function readSeparator(separator: Separator, data: Uint8Array): 'value' | 'none' | 'more' {
  const { whitespace } = commonClasses();
  for (; separator.at < data.length; separator.at++) {
    const byte = data[separator.at] ?? 0;
    if (separator.escape > 0) readEscape(separator, byte);
    else if (byte === escapeByte) separator.escape = 1;
    else if (whitespace[byte] === 1) continue;
    else if (separator.hasSign) return 'value';
    else if (byte === 0x3a || byte === 0x3d) separator.hasSign = true;
    else if (closers.has(byte)) separator.isQuoted = true;
    else return 'none';
  }
  return 'more';
}

function readEscape(separator: Separator, byte: number): void {
  if (separator.escape === 1) {
    separator.escape = byte === 0x5b ? 2 : 0;
  } else if (byte >= 0x40 && byte <= 0x7e) {
    separator.escape = 0;
  }
}
