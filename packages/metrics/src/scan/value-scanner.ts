import type { Identity } from './identity.js';
import { InternTable } from './intern-table.js';
import { endOfNumber, endOfPlainString, endOfString, endOfValue, isDigit } from './json-grammar.js';
import type { Member } from './member.js';
import { NUMBERS, TEXTS } from './slots.js';
import { viewOf } from './stretch.js';
import type { TextSpan } from './text-span.js';

/**
 * Reads values into slots. As a later member of the same name takes the place of an earlier one in JSON, so
 * does it here: a slot is set as a whole, whatever the type of the value. Every method takes the position
 * of a value and gives that behind it, or -1.
 */
export class ValueScanner {
  /** NaN where there is no finite number; the duration is infinite where there is no such member. */
  readonly numbers = new Float64Array(NUMBERS);
  /** Null where there is no string. */
  readonly texts = new Array<string | null>(TEXTS).fill(null);

  readonly #identity: Identity;
  readonly #interned = new InternTable();
  #buffer: Buffer = Buffer.alloc(0);
  #view = viewOf(this.#buffer);
  #end = 0;

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  /** Empties the slots of an entry, for a line that ends at a position. */
  begin(buffer: Buffer, view: DataView, end: number): void {
    const { numbers, texts } = this;
    this.#buffer = buffer;
    this.#view = view;
    this.#end = end;
    for (let place = 0; place < 15; place += 1) numbers[place] = Number.NaN;
    numbers[1] = Number.POSITIVE_INFINITY;
    for (let place = 0; place < 5; place += 1) texts[place] = null;
    this.#identity.runId.clear();
    this.#identity.recordedAt.clear();
  }

  beginStage(): void {
    this.texts[5 /* STAGE_ID */] = null;
    this.texts[6 /* STAGE_STATUS */] = null;
    this.numbers[15 /* STAGE_DURATION */] = Number.NaN;
    this.numbers[16 /* STAGE_ATTEMPTS */] = Number.NaN;
  }

  beginTool(): void {
    this.texts[7 /* TOOL_NAME */] = null;
    this.numbers[17 /* TOOL_TOKENS */] = Number.NaN;
    this.numbers[18 /* TOOL_COST */] = Number.NaN;
    this.numbers[19 /* TOOL_LATENCY */] = Number.NaN;
  }

  /** Numbers of up to nine digits are summed up as they are read; a point among them divides exactly. */
  number(from: number, place: number): number {
    const view = this.#view;
    let at = from;
    const isNegative = view.getUint8(at) === 0x2d; /* - */
    if (isNegative) at += 1;
    let byte = view.getUint8(at);
    if (!isDigit(byte)) {
      this.numbers[place] = Number.NaN;
      return isNegative ? -1 : endOfValue(view, from, this.#end);
    }
    let value = byte - 0x30;
    let digits = 1;
    at += 1;
    byte = view.getUint8(at);
    if (value !== 0) {
      for (; isDigit(byte) && digits < 9; digits += 1) {
        value = (value * 10 + byte - 0x30) | 0;
        at += 1;
        byte = view.getUint8(at);
      }
    }
    let divisor = 1;
    if (byte === 0x2e /* . */) {
      at += 1;
      byte = view.getUint8(at);
      if (!isDigit(byte)) return -1;
      for (; isDigit(byte) && digits < 9; digits += 1) {
        value = (value * 10 + byte - 0x30) | 0;
        divisor *= 10;
        at += 1;
        byte = view.getUint8(at);
      }
    }
    if (isDigit(byte) || (byte | 0x20) === 0x65 /* e */) return this.#longNumber(from, place);
    this.numbers[place] = (isNegative ? -value : value) / divisor;
    return at;
  }

  #longNumber(from: number, place: number): number {
    const end = endOfNumber(this.#view, from, this.#end);
    if (end === -1) return -1;
    const value = Number(this.#buffer.toString('latin1', from, end));
    this.numbers[place] = Number.isFinite(value) ? value : Number.NaN;
    return end;
  }

  /** A text that followed the one before it once is likely to do so again. */
  text(at: number, member: Member): number {
    const view = this.#view;
    const expected = member.lastText.next;
    if (view.getUint8(at) === 0x22 /* " */) {
      const end = expected.bytes.endAt(view, at + 1);
      if (end === -1) return this.#otherText(at, member);
      member.lastText = expected;
      this.texts[member.place] = expected.text;
      return end;
    }
    this.texts[member.place] = null;
    return endOfValue(view, at, this.#end);
  }

  #otherText(at: number, member: Member): number {
    const view = this.#view;
    const plainEnd = endOfPlainString(view, at + 1, this.#end);
    const interned = plainEnd === -1 ? undefined : this.#interned.find(view, at + 1, plainEnd - 1);
    if (interned !== undefined) {
      member.lastText.next = interned;
      member.lastText = interned;
      this.texts[member.place] = interned.text;
      return plainEnd;
    }
    const end = endOfString(view, at + 1, this.#end);
    if (end !== -1) this.texts[member.place] = this.#decode(at, end);
    return end;
  }

  runId(at: number): number {
    const { hasher, runId } = this.#identity;
    const end = this.#span(at, runId);
    if (end === -1) return -1;
    if (runId.isPlain) hasher.hash(this.#view, at + 1, end - 1);
    else hasher.hashText(runId.decode(this.#buffer));
    return end;
  }

  recordedAt(at: number): number {
    return this.#span(at, this.#identity.recordedAt);
  }

  #span(at: number, span: TextSpan): number {
    const view = this.#view;
    if (view.getUint8(at) !== 0x22 /* " */) {
      span.clear();
      return endOfValue(view, at, this.#end);
    }
    let end = endOfPlainString(view, at + 1, this.#end);
    if (end === -1) {
      end = endOfString(view, at + 1, this.#end);
      if (end !== -1) span.setText(this.#decode(at, end));
    } else {
      span.setPlain(at + 1, end - 1);
    }
    return end;
  }

  /** The string between two quotes, as `JSON.parse` decodes it. */
  #decode(start: number, end: number): string {
    return JSON.parse(this.#buffer.toString('utf8', start, end)) as string;
  }
}
