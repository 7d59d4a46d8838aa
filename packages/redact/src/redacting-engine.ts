import type { ValueReader } from './assigned-value.js';
import type { Keyword, Match, Run, Window } from './matcher.js';
import { privateKeyRule } from './private-key.js';
import type { RuleBook } from './rule-book.js';
import { readSeparator, separatorAfter } from './separator.js';
import type { Separator } from './separator.js';

const mark = Buffer.from('[REDACTED]');
const privateKeyMark = Buffer.from('[REDACTED PRIVATE KEY]');
const nothing = Buffer.alloc(0);
const backslash = 0x5c;
/** So far back a matcher can look: a colour code fits. */
const contextBytes = 24;

/** `open`: more is to come. `end`: nothing is. `cut`: nothing is, and a part of a secret there is hidden. */
export type Ending = 'open' | 'end' | 'cut';

/** What is known to begin further on: bytes to take out, or a value that is still to be judged. */
type Pending = { readonly at: number } & (
  { readonly match: Match } | { readonly separator: Separator }
);

interface Findings {
  readonly matches: Match[];
  readonly keywords: Keyword[];
  readonly separators: Separator[];
}

/**
 * Takes the union of all matches out of one sequence of bytes. What comes out depends on the bytes
 * alone, not on how they are cut: a decision waits until no further byte can change it, and no longer.
 *
 * Indices are into the data at hand, which begins with the bytes held back before.
 */
export class RedactingEngine {
  readonly #rules: RuleBook;
  readonly #values: ValueReader;
  readonly #onMatch: (rule: string) => void;

  #held: Buffer = nothing;
  #context: Buffer = nothing;
  /** End of what is covered by a mark that is already written. */
  #coveredUntil = 0;
  /** End of what can't be the start of anything. */
  #opaqueUntil = 0;
  /** What cover took at its end and has to give back. */
  #trailingBackslashes = 0;
  /** What covers bytes beyond the data. */
  #runs: Run[] = [];
  /** In their order. */
  #pending: Pending[] = [];
  /** After a keyword at the end of the data. */
  #separator: Separator | undefined;
  /** Whether a stream beside this one has already been told of the value that is awaited. */
  #isLent = false;

  #data: Buffer = nothing;
  #ending: Ending = 'open';
  #pieces: Buffer[] = [];
  #emittedUntil = 0;

  constructor(rules: RuleBook, values: ValueReader, onMatch: (rule: string) => void) {
    this.#rules = rules;
    this.#values = values;
    this.#onMatch = onMatch;
  }

  /** What the next byte is in the middle of. */
  get covering(): 'block' | 'redact' | 'nothing' {
    if (this.#runs.length === 0) return 'nothing';
    return this.#runs.some((run) => run.key === privateKeyRule) ? 'block' : 'redact';
  }

  /**
   * Goes on where another stream of the same command stopped: what it prints next may come out here. A
   * private key is in one stream at a time, a keyword may get its value in either.
   */
  continueFrom(other: RedactingEngine): void {
    const block = other.#runs.findIndex((run) => run.key === privateKeyRule);
    if (block >= 0 && this.covering !== 'block') this.#runs.push(...other.#runs.splice(block, 1));
    const separator = other.#isLent ? undefined : other.#awaitedValue();
    if (separator === undefined) return;
    // Once: a prompt that waits on one stream must not take a word out of every line of the other.
    other.#isLent = true;
    this.#separator ??= { ...separator, at: this.#held.length };
  }

  /** The separator after which the next byte would be a value, or a part of one that was begun. */
  #awaitedValue(): Separator | undefined {
    if (this.#separator !== undefined) return this.#separator;
    for (const pending of this.#pending) if ('separator' in pending) return pending.separator;
    return undefined;
  }

  /** The bytes that can go on: the chunk itself where nothing is found in it and nothing waits. */
  process(chunk: Buffer, ending: Ending): Buffer {
    const heldBytes = this.#held.length;
    this.#data = heldBytes === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#ending = ending;
    this.#isLent = false;
    this.#pieces = [];
    this.#emittedUntil = 0;
    if (this.#runs.length > 0) {
      for (const run of this.#runs.splice(0)) this.#follow(run, heldBytes);
    }
    if (this.#separator !== undefined) this.#readSeparator(this.#separator);
    const end = this.#scan();
    this.#emitUntil(end);
    const output = this.#takeOutput(chunk);
    if (ending === 'open') this.#carryOver(end);
    else this.#reset();
    return output;
  }

  /** Handles all that begins in the data, in order; answers where the bytes begin that have to wait. */
  #scan(): number {
    const { length } = this.#data;
    const view = this.#rules.viewOf(this.#data);
    const window: Window = {
      data: this.#data,
      isEnd: this.#ending !== 'open',
      byteAt: (index) => (index < 0 ? this.#context.at(index) : this.#data[index]) ?? -1,
    };
    let from = 0;
    let start = -1;
    for (;;) {
      from = Math.max(from, this.#opaqueUntil);
      if (start < from) start = this.#rules.nextStart(this.#data, view, from);
      const at = Math.min(start, this.#pending[0]?.at ?? length);
      if (at >= length) return length;
      if (!this.#handle(window, at, at === start)) return at;
      if (at === start) from = at + 1;
    }
  }

  /** Handles what begins there; false where the bytes at hand don't tell what it is. */
  #handle(window: Window, at: number, isStart: boolean): boolean {
    const findings: Findings = { matches: [], keywords: [], separators: [] };
    if (isStart && !this.#findAt(window, at, findings)) return false;
    const due = this.#pending.filter((pending) => pending.at === at);
    if (!due.every((pending) => this.#judge(window, pending, findings))) return false;
    if (due.length > 0) this.#pending.splice(0, due.length);
    for (const match of findings.matches) this.#apply(match, at);
    for (const { end, isHeader } of findings.keywords) {
      this.#readSeparator(separatorAfter(end, isHeader));
    }
    for (const separator of findings.separators) this.#readSeparator(separator);
    return true;
  }

  #findAt(window: Window, at: number, { matches, keywords }: Findings): boolean {
    const first = this.#data[at] ?? 0;
    const second = this.#data[at + 1];
    if (second === undefined) return window.isEnd;
    for (const matcher of this.#rules.matchersFor(first, second)) {
      const verdict = matcher.verify(window, at);
      if (verdict === 'no') continue;
      if (verdict === 'more' || verdict === 'cut') {
        if (!window.isEnd) return false;
        if (verdict === 'cut' && this.#ending === 'cut') {
          matches.push({ rule: 'cut-off', start: at, end: this.#data.length });
        }
      } else if ('match' in verdict) {
        matches.push(verdict.match);
      } else {
        keywords.push(verdict.keyword);
      }
    }
    return true;
  }

  #judge(window: Window, pending: Pending, { matches, separators }: Findings): boolean {
    if ('match' in pending) {
      matches.push(pending.match);
      return true;
    }
    const { at, separator } = pending;
    const verdict = this.#values.read(window, at, separator);
    if (verdict === 'more') return false;
    if (verdict === 'no') return true;
    if ('match' in verdict) matches.push(verdict.match);
    else separators.push({ ...separator, at: verdict.continueAt });
    return true;
  }

  #readSeparator(separator: Separator): void {
    const outcome = readSeparator(separator, this.#data);
    this.#separator = outcome === 'more' ? separator : undefined;
    if (outcome === 'value') this.#await({ at: separator.at, separator });
  }

  #await(pending: Pending): void {
    this.#pending.push(pending);
    this.#pending.sort((a, b) => a.at - b.at);
  }

  #apply(match: Match, at: number): void {
    if (match.start > at) {
      this.#await({ at: match.start, match });
      return;
    }
    this.#onMatch(match.rule);
    if (match.start >= this.#coveredUntil && this.#runs.length === 0) {
      this.#emitUntil(match.start);
      this.#pieces.push(match.rule === privateKeyRule ? privateKeyMark : mark);
    }
    this.#coverUntil(match.end, 0);
    if (match.run !== undefined) this.#follow(match.run, match.end);
  }

  /** Covers what the run takes. */
  #follow(run: Run, from: number): void {
    if (this.#runs.some(({ key }) => key === run.key)) return;
    const runEnd = run.findEnd(this.#data, from);
    const end = runEnd < 0 ? this.#data.length : runEnd;
    if (runEnd < 0) this.#runs.push(run);
    this.#coverUntil(end, runEnd < 0 ? 0 : (run.trailingBackslashes?.() ?? 0));
    if (run.isOpaque) this.#opaqueUntil = Math.max(this.#opaqueUntil, end);
  }

  #coverUntil(end: number, trailingBackslashes: number): void {
    if (end < this.#coveredUntil) return;
    const others = end === this.#coveredUntil ? this.#trailingBackslashes : 0;
    this.#coveredUntil = end;
    this.#trailingBackslashes = Math.max(others, trailingBackslashes);
  }

  #emitUntil(index: number): void {
    const from = Math.max(this.#emittedUntil, this.#coveredUntil);
    if (index < from) return;
    if (this.#trailingBackslashes > 0) {
      this.#pieces.push(Buffer.alloc(this.#trailingBackslashes, backslash));
      this.#trailingBackslashes = 0;
    }
    if (index > from) this.#pieces.push(this.#data.subarray(from, index));
    this.#emittedUntil = index;
  }

  #takeOutput(chunk: Buffer): Buffer {
    const pieces = this.#pieces;
    this.#pieces = [];
    const only = pieces[0];
    if (only === undefined) return nothing;
    if (pieces.length > 1) return Buffer.concat(pieces);
    return this.#data === chunk && only.length === chunk.length && only !== mark ? chunk : only;
  }

  #carryOver(end: number): void {
    const { length } = this.#data;
    this.#context =
      end >= contextBytes
        ? Buffer.from(this.#data.subarray(end - contextBytes, end))
        : Buffer.concat([this.#context, this.#data.subarray(0, end)]).subarray(-contextBytes);
    // Copied: the caller may use its buffer again.
    this.#held = end === length ? nothing : Buffer.from(this.#data.subarray(end));
    this.#data = nothing;
    this.#coveredUntil = Math.max(0, this.#coveredUntil - end);
    this.#opaqueUntil = Math.max(0, this.#opaqueUntil - end);
    if (this.#separator !== undefined) this.#separator.at -= end;
    if (this.#pending.length > 0) {
      this.#pending = this.#pending.map((pending) => movedBack(pending, end));
    }
  }

  #reset(): void {
    this.#held = nothing;
    this.#context = nothing;
    this.#data = nothing;
    this.#coveredUntil = 0;
    this.#opaqueUntil = 0;
    this.#trailingBackslashes = 0;
    this.#runs = [];
    this.#pending = [];
    this.#separator = undefined;
  }
}

function movedBack(pending: Pending, by: number): Pending {
  if ('separator' in pending) return { ...pending, at: pending.at - by };
  const { rule, start, end, run } = pending.match;
  const match = { rule, start: start - by, end: end - by, run };
  return { at: match.start, match };
}
