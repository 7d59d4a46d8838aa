import { factsOf } from '../entry/facts-of.js';
import { isText } from '../entry/members.js';
import type { EntryFacts } from '../fold/facts.js';
import { EntryScanner } from './entry-scanner.js';
import { EntryView } from './entry-view.js';
import { Identity } from './identity.js';
import { viewOf } from './stretch.js';

/** Why a line is no entry: it is no JSON, or JSON that lacks what an entry needs. */
export type EntryProblem = 'not-json' | 'not-an-entry';

/** The scanner looks at several bytes at once, and knows only behind them that the line has ended. */
export const SLACK_BYTES = 64;

/**
 * So many lines are parsed before a scanner is made: until it has learned what lines look like, it is slower
 * than `JSON.parse`, and most readers never see more than a few lines.
 */
const FIRST_LINES = 32;

/**
 * Reads entries from the bytes of lines, to the same facts as `JSON.parse` of the trimmed text and
 * `factsOf`, but several times faster where a line is written as `encodeEntry` writes it. The facts are
 * one view that the next `read` overwrites, and that shows the bytes it was read from as they are.
 * Readers share nothing.
 */
export class EntryReader {
  /** How many lines had to be parsed as a whole, the first ones apart. */
  fallbacks = 0;
  /** Of the line that was read last, where it is damaged. */
  problem: EntryProblem | undefined;
  /** Whether the line that was read last is nothing but white space. */
  blank = false;

  readonly #identity = new Identity();
  readonly #facts = new EntryView({
    runId: () => this.#identity.runId.decode(this.#buffer),
    recordedAt: () => this.#identity.recordedAt.decode(this.#buffer),
    entry: () => (this.#entry ??= this.#parse()),
  });
  #buffer: Buffer = Buffer.alloc(0);
  #bufferView = viewOf(this.#buffer);
  #start = 0;
  #end = 0;
  #entry: Readonly<Record<string, unknown>> | undefined;
  #scanner: EntryScanner | undefined;
  #firstLines = 0;

  /** The hash of the run id that was read last. */
  get hashHigh(): number {
    return this.#identity.hasher.high;
  }

  get hashLow(): number {
    return this.#identity.hasher.low;
  }

  /** The facts of the line `buffer[start..end]`; `undefined` where it is blank or damaged. */
  read(buffer: Buffer, start: number, end: number): EntryFacts | undefined {
    this.problem = undefined;
    this.#entry = undefined;
    this.#place(buffer, start, end);
    this.blank = this.#start === this.#end;
    if (this.blank) return undefined;
    const scanner = this.#scanner;
    if (scanner === undefined) return this.#readFirst();
    if (!scanner.scan(this.#buffer, this.#bufferView, this.#start, this.#end)) {
      return this.#readWhole({ fallbacks: 1 });
    }
    if (!isText(scanner.values.texts[0 /* STATUS */]) || !this.#hasIdentity()) {
      this.problem = 'not-an-entry';
      return undefined;
    }
    this.#facts.fill(scanner);
    return this.#facts;
  }

  #readFirst(): EntryFacts | undefined {
    this.#firstLines += 1;
    if (this.#firstLines === FIRST_LINES) this.#scanner = new EntryScanner(this.#identity);
    return this.#readWhole({ fallbacks: 0 });
  }

  /** Leaves out what is most often around a line: a carriage return. */
  #place(buffer: Buffer, start: number, end: number): void {
    if (buffer.byteLength - end < SLACK_BYTES) {
      const copy = Buffer.alloc(end - start + SLACK_BYTES);
      buffer.copy(copy, 0, start, end);
      this.#place(copy, 0, end - start);
      return;
    }
    if (buffer !== this.#buffer) {
      this.#buffer = buffer;
      this.#bufferView = viewOf(buffer);
    }
    let from = start;
    let to = end;
    while (from < to && isSpace(this.#bufferView.getUint8(from))) from += 1;
    while (from < to && isSpace(this.#bufferView.getUint8(to - 1))) to -= 1;
    this.#start = from;
    this.#end = to;
  }

  #hasIdentity(): boolean {
    const { recordedAt, runId } = this.#identity;
    return (
      !runId.isBlank(this.#bufferView, this.#buffer) &&
      !recordedAt.isBlank(this.#bufferView, this.#buffer)
    );
  }

  #readWhole({ fallbacks }: { readonly fallbacks: number }): EntryFacts | undefined {
    const text = this.#buffer.toString('utf8', this.#start, this.#end).trim();
    this.blank = text === '';
    if (this.blank) return undefined;
    this.fallbacks += fallbacks;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      this.problem = 'not-json';
      return undefined;
    }
    const facts = factsOf(value);
    if (facts === undefined) {
      this.problem = 'not-an-entry';
      return undefined;
    }
    const { hasher, recordedAt, runId } = this.#identity;
    runId.setText(facts.runId);
    recordedAt.setText(facts.recordedAt);
    hasher.hashText(facts.runId);
    this.#entry = facts.entry;
    this.#facts.copy(facts);
    return this.#facts;
  }

  #parse(): Readonly<Record<string, unknown>> {
    const text = this.#buffer.toString('utf8', this.#start, this.#end);
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  }
}

/** Of the white space that `trim` takes away and JSON does not mind: space, tab, carriage return. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0d || byte === 0x09;
}
