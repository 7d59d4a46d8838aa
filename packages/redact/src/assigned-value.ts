import { byteClass, commonClasses, complement } from './byte-class.js';
import type { ByteClass } from './byte-class.js';
import { classRun, skip } from './matcher.js';
import type { Match, Run, Window } from './matcher.js';
import { quotedRun } from './quoted-run.js';
import type { Separator } from './separator.js';

/** What the peer's rule asks of a value. */
const minValueBytes = 6;
const maxQuoteDepth = 15;
const backslash = 0x5c;
const quotes: ReadonlySet<number> = new Set(Buffer.from('"\'`'));

/** A separator such as `=>` was not over yet; it goes on at `continueAt`. */
export type ValueVerdict = 'no' | 'more' | { match: Match } | { continueAt: number };

/** Judges what follows a keyword and its separator. */
export interface ValueReader {
  read(window: Window, at: number, separator: Separator): ValueVerdict;
}

interface ValueClasses {
  readonly whitespace: ByteClass;
  readonly text: ByteClass;
  readonly scheme: ByteClass;
  readonly unquotedJson: ByteClass;
  readonly header: ByteClass;
}

export function createValueReader(): ValueReader {
  const { whitespace, text } = commonClasses();
  const classes: ValueClasses = {
    whitespace,
    text,
    scheme: byteClass('A-Za-z0-9-'),
    unquotedJson: complement(byteClass(' \\t\\n\\v\\f\\r,}\\]')),
    header: complement(byteClass('\\r\\n"\'`\\\\')),
  };
  return { read: (window, at, separator) => readValue(classes, window, at, separator) };
}

function readValue(
  classes: ValueClasses,
  window: Window,
  at: number,
  separator: Separator,
): ValueVerdict {
  const { data, isEnd } = window;
  let start = at;
  while (start < at + 2 && (data[start] === 0x3d || data[start] === 0x3e)) start++;
  if (start === data.length && !isEnd) return 'more';
  if (start > at && endsSign(classes, data[start])) return { continueAt: start };

  let open = at;
  while (open < at + maxQuoteDepth && data[open] === backslash) open++;
  if (open === data.length && !isEnd) return 'more';
  const quote = data[open] ?? 0;
  const value = { at, depth: open - at, quote };
  if (quotes.has(quote)) return readQuoted(classes, window, value, separator);
  if (separator.isHeader) return readHeader(classes, window, at);
  return readPlain(classes, window, at, separator.isQuoted);
}

function endsSign({ whitespace }: ValueClasses, byte: number | undefined): boolean {
  return byte !== undefined && (whitespace[byte] === 1 || quotes.has(byte));
}

/** A value without quotes ends at a blank; one of a quoted member also where JSON would end it. */
function readPlain(
  { text, unquotedJson }: ValueClasses,
  { data, isEnd }: Window,
  at: number,
  isMember: boolean,
): ValueVerdict {
  if (isMember && (data[at] === 0x7b || data[at] === 0x5b)) return 'no';
  const members = isMember ? unquotedJson : text;
  const end = skip(members, data.subarray(0, at + minValueBytes), at);
  if (end - at < minValueBytes) return end === data.length && !isEnd ? 'more' : 'no';
  const run = classRun(isMember ? 'member' : 'text', members);
  return assigned(at, end, run);
}

/** The scheme of a header stays, what comes after it goes to the end of the line. */
function readHeader(
  { header, scheme }: ValueClasses,
  { data, isEnd }: Window,
  at: number,
): ValueVerdict {
  let start = skip(scheme, data.subarray(0, at + 24), at);
  const hasScheme = start > at && data[start] === 0x20;
  if (start === data.length && !isEnd) return 'more';
  if (hasScheme) {
    while (start < at + 32 && data[start] === 0x20) start++;
  } else {
    start = at;
  }
  const least = hasScheme ? 4 : minValueBytes;
  const end = skip(header, data.subarray(0, start + least), start);
  if (end - start < least) return end === data.length && !isEnd ? 'more' : 'no';
  return assigned(start, end, classRun('header', header));
}

interface Quoted {
  readonly at: number;
  readonly depth: number;
  readonly quote: number;
}

/** The quotes stay, so that the text around the value keeps its form. */
function readQuoted(
  classes: ValueClasses,
  window: Window,
  { at, depth, quote }: Quoted,
  separator: Separator,
): ValueVerdict {
  const { data, isEnd } = window;
  const inside = at + depth + 1;
  if (separator.isHeader) {
    const header = readHeader(classes, window, inside);
    if (header !== 'no') return header;
  }
  const run = quotedRun(quote, depth);
  const innerLimit = data.subarray(0, inside + minValueBytes);
  const runEnd = run.findEnd(innerLimit, inside);
  const isLong = runEnd < 0 && innerLimit.length === inside + minValueBytes;
  if (isLong) return assigned(inside, innerLimit.length, run);

  const innerEnd = runEnd < 0 ? data.length : runEnd;
  if (innerEnd + 1 >= data.length && !isEnd) return 'more';
  const textEnd = skip(classes.text, data.subarray(0, at + minValueBytes), at);
  if (textEnd - at < minValueBytes) return textEnd === data.length && !isEnd ? 'more' : 'no';
  // Long enough only with its quotes, or with what follows them: the peer's rule takes it as well.
  const visibleEnd = innerEnd - (run.trailingBackslashes?.() ?? 0);
  if (visibleEnd > inside) return assigned(inside, visibleEnd);
  const isEmptyMember = separator.isQuoted || /[\s,;:)\]}\\]/.test(charAt(data, innerEnd + 1));
  return isEmptyMember ? 'no' : assigned(at, textEnd, classRun('text', classes.text));
}

function charAt(data: Uint8Array, at: number): string {
  return String.fromCharCode(data[at] ?? 0x20);
}

function assigned(start: number, end: number, run?: Run): ValueVerdict {
  return { match: { rule: 'assignment', start, end, run } };
}
