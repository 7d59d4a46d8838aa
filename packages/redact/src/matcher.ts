import type { ByteClass } from './byte-class.js';

/** The bytes that a matcher looks at, with those that came before them. */
export interface Window {
  readonly data: Uint8Array;
  /** Whether nothing comes after `data`. */
  readonly isEnd: boolean;
  /** The byte at an index; a negative one reaches back a little, `-1` where nothing was. */
  readonly byteAt: (index: number) => number;
}

/** What goes on until something ends it, over any number of chunks. */
export interface Run {
  /** Two runs of one key that cover the same byte end at the same byte. */
  readonly key: string;
  /** Whether nothing within it can be the start of anything. */
  readonly isOpaque: boolean;
  /** Where it ends in `data`, of which it takes all from `from`; -1 where it goes on. */
  findEnd(data: Uint8Array, from: number): number;
  /** How many backslashes it took at its end that belong to what comes next. */
  trailingBackslashes?(): number;
}

/** Bytes to take out: from `start` to `end`, and on for as long as `run` goes. */
export interface Match {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
  readonly run?: Run | undefined;
}

/** A word after which a value may come. */
export interface Keyword {
  readonly end: number;
  readonly isHeader: boolean;
}

/**
 * `more`: too few bytes to tell; `cut`: the same, and what is there is already a part of a secret worth
 * hiding.
 */
export type Verdict = 'no' | 'more' | 'cut' | { match: Match } | { keyword: Keyword };

/** Something to find. */
export interface Matcher {
  /** What its first two bytes may be, which are few. @default those of the head */
  readonly start?: readonly ByteClass[];
  /** What its first bytes may be. A missing position may be any byte. */
  readonly head: readonly ByteClass[];
  verify(window: Window, at: number): Verdict;
}

/** A matcher that is made when something begins as it does: most never see that. */
export function lateMatcher(start: readonly ByteClass[], make: () => Matcher): Matcher {
  let made: Matcher | undefined;
  const matcher = (): Matcher => (made ??= make());
  return {
    start,
    get head() {
      return matcher().head;
    },
    verify: (window, at) => matcher().verify(window, at),
  };
}

/** A run that ends at the first byte that is not in the class. */
export function classRun(key: string, members: ByteClass): Run {
  return {
    key,
    isOpaque: false,
    findEnd: (data, from) => {
      const end = skip(members, data, from);
      return end < data.length ? end : -1;
    },
  };
}

/** The index of the first byte from `from` on that is not in the class. */
export function skip(members: ByteClass, data: Uint8Array, from: number): number {
  let index = from;
  while (index < data.length && members[data[index] ?? 0] === 1) index++;
  return index;
}

const backslash = 0x5c;
const percent = 0x25;

/**
 * Whether a word may begin there. A letter before it is none of its own when it ends a colour code, an
 * escape such as `\n`, or a percent escape.
 */
export function isWordStart({ byteAt }: Window, at: number, word: ByteClass): boolean {
  const previous = byteAt(at - 1);
  if (previous < 0 || word[previous] === 0) return true;
  if (byteAt(at - 2) === backslash || byteAt(at - 3) === percent) return true;
  if (previous !== 0x6d) return false;
  let index = at - 2;
  while (isColourParameter(byteAt(index))) index--;
  return byteAt(index) === 0x5b && byteAt(index - 1) === 0x1b;
}

function isColourParameter(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x3b || byte === 0x3a;
}
