import { AnchorFilter } from './anchor-filter.js';
import { keywordMatchers } from './assignment-keywords.js';
import { membersOf } from './byte-class.js';
import type { Matcher, Verdict, Window } from './matcher.js';
import { noPairs, pairView } from './pair-view.js';
import type { PairView } from './pair-view.js';
import { privateKeyMatcher } from './private-key.js';
import { shapeMatcher } from './shape.js';
import { tokenRules } from './token-rules.js';
import { urlCredentialsMatcher } from './url-credentials.js';
import type { ValueForm } from './value-forms.js';
import { valueMatcher } from './value-matcher.js';

const none: readonly Matcher[] = [];
/**
 * The filter takes as long to make as a plain look at some megabytes: most runs print less, and their
 * start would pay for it.
 */
const filterFromBytes = 1024 * 1024;

interface Entry {
  readonly matcher: Matcher;
  readonly group: 0 | 1;
}

/** All that is looked for, by its first two bytes. */
export class RuleBook {
  #entries: Entry[] = [];
  #filter: AnchorFilter | undefined;
  #seenBytes = 0;
  /** By `first << 8 | second`: 0, or the index of its matchers. */
  #slots = new Uint16Array(65_536);
  #firstBytes = new Uint8Array(256);
  #matchers: (readonly Matcher[])[] = [none];

  copy(): RuleBook {
    const copied = new RuleBook();
    copied.#entries = this.#entries.slice();
    copied.#slots = this.#slots.slice();
    copied.#firstBytes = this.#firstBytes.slice();
    copied.#matchers = this.#matchers.slice();
    return copied;
  }

  add(matcher: Matcher, group: 0 | 1): void {
    this.#entries.push({ matcher, group });
    const [first, second] = matcher.start ?? matcher.head;
    for (const low of membersOf(first)) {
      this.#firstBytes[low] = 1;
      for (const high of membersOf(second)) this.#enter((low << 8) | high, matcher);
    }
  }

  /** How bytes are to be looked at: once there were many of them, several at a time. */
  viewOf(data: Uint8Array): PairView {
    this.#seenBytes += data.length;
    return this.#seenBytes < filterFromBytes ? noPairs : pairView(data);
  }

  /** What may begin with these two bytes. */
  matchersFor(first: number, second: number): readonly Matcher[] {
    return this.#matchers[this.#slots[(first << 8) | second] ?? 0] ?? none;
  }

  /** The next index from `from` on at which something may begin; `data.length` where nothing does. */
  nextStart(data: Uint8Array, view: PairView, from: number): number {
    let index = from;
    if (view.pairs !== undefined && from < view.tail) {
      this.#filter ??= this.#createFilter();
      const start = this.#filter.nextStart(data, view.pairs, view.offset, from);
      if (start >= 0) return start;
      index = view.tail;
    }
    while (index < data.length && !this.#hasStart(data, index)) index++;
    return index;
  }

  /** Whether anything at all begins in a whole text. */
  mayHold(data: Uint8Array): boolean {
    const view = this.viewOf(data);
    const window: Window = { data, isEnd: true, byteAt: (index) => data[index] ?? -1 };
    // The last byte alone begins nothing.
    const end = data.length - 1;
    for (
      let at = this.nextStart(data, view, 0);
      at < end;
      at = this.nextStart(data, view, at + 1)
    ) {
      const matchers = this.matchersFor(data[at] ?? 0, data[at + 1] ?? 0);
      if (matchers.some((matcher) => begins(matcher.verify(window, at)))) return true;
    }
    return false;
  }

  #createFilter(): AnchorFilter {
    const filter = new AnchorFilter();
    for (const { matcher, group } of this.#entries) filter.add(matcher.head, group);
    return filter;
  }

  #hasStart(data: Uint8Array, index: number): boolean {
    const first = data[index] ?? 0;
    if (index + 1 === data.length) return this.#firstBytes[first] === 1;
    return this.#slots[(first << 8) | (data[index + 1] ?? 0)] !== 0;
  }

  #enter(pair: number, matcher: Matcher): void {
    const slot = this.#slots[pair] ?? 0;
    // A new list each time: the old one may belong to the book that this one was copied from.
    const matchers = [...(this.#matchers[slot] ?? none), matcher];
    if (slot === 0) this.#slots[pair] = this.#matchers.push(matchers) - 1;
    else this.#matchers[slot] = matchers;
  }
}

/** What the end of a whole text cuts off is none. */
function begins(verdict: Verdict): boolean {
  return typeof verdict === 'object';
}

let builtIn: RuleBook | undefined;

/** The built-in rules, made once and only when a redactor asks for them, and the known values. */
export function createRuleBook(forms: readonly ValueForm[]): RuleBook {
  builtIn ??= createBuiltInRules();
  if (forms.length === 0) return builtIn;
  const book = builtIn.copy();
  for (const form of forms) book.add(valueMatcher(form), 1);
  return book;
}

function createBuiltInRules(): RuleBook {
  const book = new RuleBook();
  book.add(privateKeyMatcher(), 1);
  book.add(urlCredentialsMatcher(), 1);
  for (const matcher of keywordMatchers()) book.add(matcher, 0);
  for (const rule of tokenRules) book.add(shapeMatcher(rule), 1);
  return book;
}
