import { factsOf } from '../entry/facts-of.js';
import { isText } from '../entry/members.js';
import type { EntryFacts } from '../fold/facts.js';
import { EntryScanner } from './entry-scanner.js';
import { EntryView } from './entry-view.js';
import { viewOf } from './stretch.js';
import * as slot from './slots.js';

/** Why a line is no entry: it is no JSON, or JSON that lacks what an entry needs. */
export type EntryProblem = 'not-json' | 'not-an-entry';

/** The scanner looks at several bytes at once, and knows only behind them that the line has ended. */
export const SLACK_BYTES = 64;

/**
 * Reads entries from the bytes of lines, to the same facts as `JSON.parse` of the trimmed text and
 * `factsOf`, but several times faster where a line is written as `encodeEntry` writes it. The facts are
 * one view that the next `read` overwrites, and that shows the bytes it was read from as they are.
 * Readers share nothing.
 */
export class EntryReader {
  /** How many lines had to be parsed as a whole. */
  fallbacks = 0;
  /** Of the line that was read last, where it is damaged. */
  problem: EntryProblem | undefined;
  /** Whether the line that was read last is nothing but white space. */
  blank = false;

  readonly #scanner = new EntryScanner();
  readonly #facts = new EntryView({
    runId: () => this.#scanner.values.runId.decode(this.#buffer),
    recordedAt: () => this.#scanner.values.recordedAt.decode(this.#buffer),
    entry: () => (this.#entry ??= this.#parse()),
  });
  #buffer: Buffer = Buffer.alloc(0);
  #bufferView = viewOf(this.#buffer);
  #start = 0;
  #end = 0;
  #entry: Readonly<Record<string, unknown>> | undefined;

  /** The hash of the run id that was read last. */
  get hashHigh(): number {
    return this.#scanner.values.hasher.high;
  }

  get hashLow(): number {
    return this.#scanner.values.hasher.low;
  }

  /** The facts of the line `buffer[start..end]`; `undefined` where it is blank or damaged. */
  read(buffer: Buffer, start: number, end: number): EntryFacts | undefined {
    this.problem = undefined;
    this.#entry = undefined;
    this.#place(buffer, start, end);
    this.blank = this.#start === this.#end;
    if (this.blank) return undefined;
    if (!this.#scanner.scan(this.#buffer, this.#bufferView, this.#start, this.#end)) {
      return this.#fallBack();
    }
    if (!this.#hasIdentity()) {
      this.problem = 'not-an-entry';
      return undefined;
    }
    this.#facts.fill(this.#scanner);
    return this.#facts;
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
    const { recordedAt, runId, texts } = this.#scanner.values;
    return (
      isText(texts[slot.STATUS]) &&
      !runId.isBlank(this.#bufferView, this.#buffer) &&
      !recordedAt.isBlank(this.#bufferView, this.#buffer)
    );
  }

  #fallBack(): EntryFacts | undefined {
    const text = this.#buffer.toString('utf8', this.#start, this.#end).trim();
    this.blank = text === '';
    if (this.blank) return undefined;
    this.fallbacks += 1;
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
    const { hasher, recordedAt, runId } = this.#scanner.values;
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
