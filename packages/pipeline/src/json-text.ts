import type { TextPosition } from './problem.js';

/** The first place where a text stops being JSON. */
export interface JsonFault {
  readonly offset: number;
  /** What was found and what was expected, without the place. */
  readonly message: string;
  readonly fix?: string;
}

/** Where each value of a JSON text begins, by paths such as `pipelines[0].id`. */
export interface JsonText {
  readonly offsets: ReadonlyMap<string, number>;
  /** Undefined for well-formed JSON. */
  readonly fault: JsonFault | undefined;
}

/** Nesting beyond this is reported instead of followed. */
const maxDepth = 500;

/**
 * Reads JSON for the sake of its places. `JSON.parse` says neither line nor column on every Node, so
 * this runs only where something is wrong and a person has to find it.
 */
export function scanJson(text: string): JsonText {
  const scanner = new JsonScanner(text);
  return { offsets: scanner.offsets, fault: scanner.scan() };
}

/** Line and column of an offset, both counted from 1. */
export function positionAt(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Path of a member: `parent.key`, or `parent["odd key"]` where the key is no plain name. */
export function memberPath(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`;
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === '' ? key : `${parent}.${key}`;
}

class ScanFault extends Error {
  readonly fault: JsonFault;

  constructor(fault: JsonFault) {
    super(fault.message);
    this.fault = fault;
  }
}

class JsonScanner {
  readonly offsets = new Map<string, number>();
  readonly #text: string;
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): JsonFault | undefined {
    try {
      this.#scanValue('', 0);
      this.#skipSpace();
      if (this.#offset < this.#text.length) this.#fail('the end of the file');
      return undefined;
    } catch (error) {
      if (error instanceof ScanFault) return error.fault;
      throw error;
    }
  }

  #scanValue(path: string, depth: number): void {
    this.#skipSpace();
    this.offsets.set(path, this.#offset);
    if (depth > maxDepth) this.#fail('less nesting');
    const first = this.#text[this.#offset];
    if (first === '{') this.#scanObject(path, depth);
    else if (first === '[') this.#scanArray(path, depth);
    else if (first === '"') this.#scanString();
    else this.#scanWord();
  }

  #scanObject(path: string, depth: number): void {
    this.#offset++;
    if (this.#skips('}')) return;
    do {
      this.#skipSpace();
      if (this.#text[this.#offset] !== '"') this.#fail('a key in double quotes');
      const key = JSON.parse(this.#scanString()) as string;
      if (!this.#skips(':')) this.#fail('":" after the key');
      this.#scanValue(memberPath(path, key), depth + 1);
    } while (this.#skips(','));
    if (!this.#skips('}')) this.#fail('"," or "}"');
  }

  #scanArray(path: string, depth: number): void {
    this.#offset++;
    if (this.#skips(']')) return;
    let index = 0;
    do this.#scanValue(memberPath(path, index++), depth + 1);
    while (this.#skips(','));
    if (!this.#skips(']')) this.#fail('"," or "]"');
  }

  #scanString(): string {
    // eslint-disable-next-line no-control-regex -- JSON forbids exactly these inside a string
    const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
    string.lastIndex = this.#offset;
    const start = this.#offset;
    this.#offset += string.exec(this.#text)?.[0].length ?? 0;
    if (this.#text[this.#offset] !== '"') this.#fail('the rest of the string and a closing quote');
    this.#offset++;
    return this.#text.slice(start, this.#offset);
  }

  #scanWord(): void {
    const word = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
    word.lastIndex = this.#offset;
    const found = word.exec(this.#text);
    if (!found) this.#fail('a value');
    this.#offset = word.lastIndex;
  }

  #skips(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#offset] !== character) return false;
    this.#offset++;
    return true;
  }

  #skipSpace(): void {
    const space = /[ \t\r\n]*/y;
    space.lastIndex = this.#offset;
    space.exec(this.#text);
    this.#offset = space.lastIndex;
  }

  #fail(expected: string): never {
    const found = this.#text[this.#offset];
    const name = found === undefined ? 'the file ends' : `found ${JSON.stringify(found)}`;
    const fix = this.#fixFor(found);
    throw new ScanFault({
      offset: this.#offset,
      message: `expected ${expected}, but ${name}`,
      ...(fix === undefined ? {} : { fix }),
    });
  }

  #fixFor(found: string | undefined): string | undefined {
    const before = this.#text.slice(0, this.#offset).trimEnd().at(-1);
    if ((found === '}' || found === ']') && before === ',') return 'remove the comma before it';
    if (found === '/' || found === '#') return 'remove the comment, JSON has none';
    if (found === "'") return 'use double quotes';
    return undefined;
  }
}
