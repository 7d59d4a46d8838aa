import { isText } from '../entry/members.js';
import { RunHasher } from '../index/run-hash.js';
import { orNull, orZero } from './absent-number.js';
import { FactList } from './fact-list.js';
import { StageView, ToolView } from './entry-view.js';
import type { Scanned } from './entry-view.js';
import { InternTable, viewOf } from './intern-table.js';
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  MINUS,
  NOWHERE,
  OPEN_BRACE,
  OPEN_BRACKET,
  POINT,
  QUOTE,
  ZERO,
  endOfNumber,
  endOfPlainString,
  endOfString,
  endOfValue,
  isDigit,
} from './json-grammar.js';
import { KeyTable, UNKNOWN } from './key-table.js';
import * as slot from './slots.js';
import { TextSpan } from './text-span.js';

/** The table is the same for all scanners; what they learn from lines is not. */
const keys = new KeyTable();

/**
 * Scans lines that are objects without white space between their parts, such as `JSON.stringify` writes
 * them. It expects each key to follow the one that it followed last time, looks keys up that do not, and
 * skips those that it does not know. A line is given up at the first surprise.
 *
 * As a later member of the same name takes the place of an earlier one in JSON, so it does here: every
 * value that is wanted is set as a whole, whatever its type.
 */
export class EntryScanner implements Scanned {
  readonly numbers = new Float64Array(slot.NUMBERS);
  readonly texts = new Array<string | null>(slot.TEXTS).fill(null);
  readonly filled = new Uint8Array(slot.SHAPES);
  readonly stages = new FactList(() => new StageView());
  readonly tools = new FactList(() => new ToolView());
  readonly runId = new TextSpan();
  readonly recordedAt = new TextSpan();
  readonly hasher = new RunHasher();

  readonly #interned = new InternTable();
  /** By key, and behind them by shape for the first key: which one came next last time. */
  readonly #next = Int16Array.from([
    ...Array.from({ length: keys.size }, (_, key) => Math.min(key + 1, keys.size - 1)),
    ...keys.firstOf,
  ]);
  #buffer: Buffer = Buffer.alloc(0);
  #view = viewOf(this.#buffer);
  #end = 0;
  /** Behind the key that was looked up last, and its colon. */
  #valueAt = 0;

  /** Whether the line could be scanned to its end; then all that is public here is set. */
  scan(buffer: Buffer, view: DataView, start: number, end: number): boolean {
    this.#buffer = buffer;
    this.#view = view;
    this.#end = end;
    this.#begin();
    return view.getUint8(start) === OPEN_BRACE && this.#object(start + 1, slot.ENTRY) === end;
  }

  #begin(): void {
    this.#clear(slot.ENTRY_NUMBERS, slot.ENTRY_TEXTS);
    this.numbers[slot.DURATION] = Number.POSITIVE_INFINITY;
    this.filled.fill(0);
    this.stages.clear();
    this.tools.clear();
    this.runId.clear();
    this.recordedAt.clear();
  }

  /** Behind the closing brace of an object; `from` is behind the opening one. */
  #object(from: number, shape: number): number {
    const view = this.#view;
    const next = this.#next;
    if (view.getUint8(from) === CLOSE_BRACE) return from + 1;
    let previous = keys.size + shape;
    let at = from;
    for (;;) {
      let key = next[previous] ?? 0;
      if (keys.matches(view, at, key)) {
        at += keys.lengths[key] ?? 0;
        previous = key;
      } else {
        key = this.#lookUp(at, shape);
        if (key === NOT_A_KEY) return NOWHERE;
        at = this.#valueAt;
        if (key !== UNKNOWN) {
          next[previous] = key;
          previous = key;
        }
      }
      at = key === UNKNOWN ? endOfValue(view, at, this.#end) : this.#value(key, at);
      if (at === NOWHERE || at >= this.#end) return NOWHERE;
      const byte = view.getUint8(at);
      at += 1;
      if (byte === CLOSE_BRACE) return at;
      if (byte !== COMMA) return NOWHERE;
    }
  }

  /** A key with an escape could be any key: that is a surprise. */
  #lookUp(at: number, shape: number): number {
    const view = this.#view;
    if (view.getUint8(at) !== QUOTE) return NOT_A_KEY;
    const end = endOfString(view, at + 1, this.#end);
    if (end === NOWHERE || view.getUint8(end) !== COLON) return NOT_A_KEY;
    for (let each = at + 1; each < end; each += 1) {
      if (view.getUint8(each) === BACKSLASH) return NOT_A_KEY;
    }
    this.#valueAt = end + 1;
    return keys.find(view, at, end + 1 - at, shape);
  }

  #value(key: number, at: number): number {
    const place = keys.places[key] ?? 0;
    switch (keys.kinds[key] ?? slot.SKIP) {
      case slot.NUMBER:
        return this.#number(at, place);
      case slot.TEXT:
        return this.#text(at, place);
      case slot.RUN_ID:
        return this.#runId(at);
      case slot.RECORDED_AT:
        return this.#span(at, this.recordedAt);
      case slot.LIST:
        return this.#list(at, place);
      case slot.OBJECT:
        if (this.#view.getUint8(at) === OPEN_BRACE) return this.#object(at + 1, place);
        return endOfValue(this.#view, at, this.#end);
      default:
        return endOfValue(this.#view, at, this.#end);
    }
  }

  /** Numbers of up to nine digits are summed up as they are read; a point among them divides exactly. */
  #number(from: number, place: number): number {
    const view = this.#view;
    let at = from;
    const isNegative = view.getUint8(at) === MINUS;
    if (isNegative) at += 1;
    let byte = view.getUint8(at);
    if (!isDigit(byte)) {
      this.numbers[place] = Number.NaN;
      return isNegative ? NOWHERE : endOfValue(view, from, this.#end);
    }
    let value = byte - ZERO;
    let digits = 1;
    at += 1;
    byte = view.getUint8(at);
    if (value !== 0) {
      for (; isDigit(byte) && digits < 9; digits += 1) {
        value = (value * 10 + byte - ZERO) | 0;
        at += 1;
        byte = view.getUint8(at);
      }
    }
    let divisor = 1;
    if (byte === POINT) {
      const point = at;
      at += 1;
      byte = view.getUint8(at);
      for (; isDigit(byte) && digits < 9; digits += 1) {
        value = (value * 10 + byte - ZERO) | 0;
        divisor *= 10;
        at += 1;
        byte = view.getUint8(at);
      }
      if (at === point + 1) return NOWHERE;
    }
    if (isDigit(byte) || (byte | 0x20) === LOWER_E) return this.#longNumber(from, place);
    this.numbers[place] = (isNegative ? -value : value) / divisor;
    return at;
  }

  #longNumber(from: number, place: number): number {
    const end = endOfNumber(this.#view, from, this.#end);
    if (end === NOWHERE) return NOWHERE;
    const value = Number(this.#buffer.toString('latin1', from, end));
    this.numbers[place] = Number.isFinite(value) ? value : Number.NaN;
    return end;
  }

  #text(at: number, place: number): number {
    const view = this.#view;
    if (view.getUint8(at) !== QUOTE) {
      this.texts[place] = null;
      return endOfValue(view, at, this.#end);
    }
    const quote = endOfPlainString(view, at + 1, this.#end);
    if (quote === NOWHERE) {
      const end = endOfString(view, at + 1, this.#end);
      if (end !== NOWHERE) this.texts[place] = this.#decode(at, end);
      return end;
    }
    this.texts[place] = this.#interned.get(this.#buffer, view, at + 1, quote);
    return quote + 1;
  }

  #runId(at: number): number {
    const end = this.#span(at, this.runId);
    if (end === NOWHERE) return NOWHERE;
    if (this.runId.isPlain) {
      this.hasher.hash(this.#view, at + 1, end - 1);
    } else {
      this.hasher.hashText(this.runId.decode(this.#buffer));
    }
    return end;
  }

  #span(at: number, span: TextSpan): number {
    const view = this.#view;
    if (view.getUint8(at) !== QUOTE) {
      span.clear();
      return endOfValue(view, at, this.#end);
    }
    const quote = endOfPlainString(view, at + 1, this.#end);
    if (quote === NOWHERE) {
      const end = endOfString(view, at + 1, this.#end);
      if (end !== NOWHERE) span.setText(this.#decode(at, end));
      return end;
    }
    span.setPlain(at + 1, quote);
    return quote + 1;
  }

  /** The string between two quotes, as `JSON.parse` decodes it. */
  #decode(start: number, end: number): string {
    return JSON.parse(this.#buffer.toString('utf8', start, end)) as string;
  }

  #list(from: number, shape: number): number {
    const view = this.#view;
    this.filled[shape] = 0;
    if (shape === slot.STAGE) this.stages.clear();
    if (shape === slot.TOOL) this.tools.clear();
    if (view.getUint8(from) !== OPEN_BRACKET) return endOfValue(view, from, this.#end);
    if (view.getUint8(from + 1) === CLOSE_BRACKET) return from + 2;
    this.filled[shape] = 1;
    let at = from;
    do {
      at = this.#member(at + 1, shape);
      if (at === NOWHERE || at >= this.#end) return NOWHERE;
    } while (view.getUint8(at) === COMMA);
    return view.getUint8(at) === CLOSE_BRACKET ? at + 1 : NOWHERE;
  }

  #member(at: number, shape: number): number {
    if (this.#view.getUint8(at) !== OPEN_BRACE) return endOfValue(this.#view, at, this.#end);
    if (shape === slot.STAGE) return this.#stage(at);
    if (shape === slot.TOOL) return this.#tool(at);
    return this.#object(at + 1, shape);
  }

  #stage(at: number): number {
    this.#clear(slot.STAGE_NUMBERS, slot.STAGE_TEXTS);
    const end = this.#object(at + 1, slot.STAGE);
    const id = this.texts[slot.STAGE_ID];
    if (end === NOWHERE || !isText(id)) return end;
    const stage = this.stages.next();
    if (stage === undefined) return NOWHERE;
    const attempts = this.numbers[slot.STAGE_ATTEMPTS] ?? 0;
    stage.id = id;
    stage.status = this.texts[slot.STAGE_STATUS] ?? '';
    stage.durationSeconds = orNull(this.numbers[slot.STAGE_DURATION]);
    stage.attempts = Number.isSafeInteger(attempts) && attempts > 0 ? attempts : 0;
    return end;
  }

  #tool(at: number): number {
    this.#clear(slot.TOOL_NUMBERS, slot.TOOL_TEXTS);
    const end = this.#object(at + 1, slot.TOOL);
    const name = this.texts[slot.TOOL_NAME];
    if (end === NOWHERE || !isText(name)) return end;
    const tool = this.tools.next();
    if (tool === undefined) return NOWHERE;
    tool.tool = name;
    tool.tokens = orZero(this.numbers[slot.TOOL_TOKENS]);
    tool.costUsd = orZero(this.numbers[slot.TOOL_COST]);
    tool.latencyMs = orZero(this.numbers[slot.TOOL_LATENCY]);
    return end;
  }

  #clear(numbers: slot.Slots, texts: slot.Slots): void {
    for (let place = numbers.from; place < numbers.to; place += 1) this.numbers[place] = Number.NaN;
    for (let place = texts.from; place < texts.to; place += 1) this.texts[place] = null;
  }
}

const NOT_A_KEY = -2;
const LOWER_E = 0x65;
