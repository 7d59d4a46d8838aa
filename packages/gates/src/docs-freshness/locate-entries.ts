/** Where a value stands in a text: from its first character to behind its last one. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where the elements of the member `entries` of a JSON object stand, and the brackets around them. */
export interface EntrySpans {
  readonly elements: readonly Span[];
  readonly array: Span;
}

/**
 * Finds the entries of a registry in its text, of several members of that name those of the last, as
 * `JSON.parse` does. The text has to be JSON, an object whose `entries` are an array.
 */
export function locateEntries(text: string): EntrySpans {
  let array: Span = { start: 0, end: 0 };
  for (let at = text.indexOf('{') + 1; ;) {
    at = skipBetween(text, at);
    if (text[at] !== '"') break;
    const keyEnd = skipString(text, at);
    const start = skipBetween(text, keyEnd);
    const end = skipValue(text, start);
    if (JSON.parse(text.slice(at, keyEnd)) === 'entries') array = { start, end };
    at = end;
  }
  return { array, elements: elementsOf(text, array) };
}

/** Lines, from 1, of offsets in ascending order. */
export function linesOf(text: string, offsets: readonly number[]): readonly number[] {
  let line = 1;
  let next = text.indexOf('\n');
  return offsets.map((offset) => {
    while (next !== -1 && next < offset) {
      line += 1;
      next = text.indexOf('\n', next + 1);
    }
    return line;
  });
}

function elementsOf(text: string, array: Span): Span[] {
  const elements: Span[] = [];
  for (let at = skipBetween(text, array.start + 1); at < array.end - 1;) {
    const end = skipValue(text, at);
    elements.push({ start: at, end });
    at = skipBetween(text, end);
  }
  return elements;
}

/** Space, commas and colons carry nothing in a text that is known to be JSON. */
function skipBetween(text: string, start: number): number {
  let at = start;
  while (' \t\r\n,:'.includes(text[at] ?? '.')) at += 1;
  return at;
}

function skipValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return skipString(text, start);
  if (first === '{' || first === '[') return skipNested(text, start);
  let at = start;
  while (/[-+.\w]/.test(text[at] ?? ' ')) at += 1;
  return at;
}

function skipNested(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length;) {
    const character = text[at];
    if (character === '"') {
      at = skipString(text, at);
      continue;
    }
    at += 1;
    if (character === '{' || character === '[') depth += 1;
    if ((character === '}' || character === ']') && --depth === 0) return at;
  }
  return text.length;
}

function skipString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '"') return at + 1;
  }
  return text.length;
}
