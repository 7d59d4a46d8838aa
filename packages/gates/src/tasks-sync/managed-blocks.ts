import { lineBreakOf, withBreaks } from './line-breaks.js';

/** A block that is begun once and ended once, with no other marker in between. */
export interface ManagedBlock {
  readonly kind: 'block';
  readonly line: number;
  /** From the first character of its begin to behind the last one of its end. */
  readonly start: number;
  readonly end: number;
}

export interface DamagedBlock {
  readonly kind: 'damaged';
  readonly line: number;
  readonly reason: string;
}

/** A change of a block: the text is with plain line breaks. */
export interface BlockChange {
  /** Null for a block that is new. */
  readonly block: ManagedBlock | null;
  readonly text: string;
}

export function beginMarker(key: string): string {
  return `<!-- docs-sync:begin ${key} -->`;
}

export function endMarker(key: string): string {
  return `<!-- docs-sync:end ${key} -->`;
}

/** The blocks of a document by their keys. A marker is one where it has a line to itself. */
export function findBlocks(text: string): ReadonlyMap<string, DamagedBlock | ManagedBlock> {
  const markers = findMarkers(text);
  const byKey = new Map<string, number[]>();
  markers.forEach(({ key }, index) => {
    byKey.set(key, [...(byKey.get(key) ?? []), index]);
  });
  return new Map([...byKey].map(([key, indexes]) => [key, judge(markers, indexes)] as const));
}

/** The text with its blocks changed and new ones at its end; all else is left as it is, byte for byte. */
export function changeBlocks(text: string, changes: readonly BlockChange[]): string {
  const lineBreak = lineBreakOf(text);
  const pieces: string[] = [];
  let copied = 0;
  const replaced = changes.flatMap(({ block, text: next }) => (block ? { block, next } : []));
  for (const { block, next } of replaced.sort(
    (one, other) => one.block.start - other.block.start,
  )) {
    pieces.push(text.slice(copied, block.start), withBreaks(next, lineBreak));
    copied = block.end;
  }
  pieces.push(text.slice(copied));
  const added = changes.filter(({ block }) => block === null);
  if (added.length > 0 && text !== '' && !text.endsWith('\n')) pieces.push(lineBreak);
  for (const { text: next } of added) {
    pieces.push(text === '' && pieces.length === 1 ? '' : lineBreak);
    pieces.push(withBreaks(next, lineBreak), lineBreak);
  }
  return pieces.join('');
}

interface Marker {
  readonly isBegin: boolean;
  readonly key: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

function judge(
  markers: readonly Marker[],
  indexes: readonly number[],
): DamagedBlock | ManagedBlock {
  const [first = 0, second] = indexes;
  const begin = markers[first];
  const end = second === undefined ? undefined : markers[second];
  const line = begin?.line ?? 1;
  const damaged = (reason: string): DamagedBlock => ({ kind: 'damaged', line, reason });
  if (begin?.isBegin !== true) return damaged('it is ended before it is begun');
  if (end === undefined) return damaged('it is begun and never ended');
  if (indexes.length > 2) return damaged('it is there more than once');
  if (end.isBegin) return damaged('it is begun twice');
  if (second !== first + 1) return damaged('another block begins or ends in it');
  return { kind: 'block', line, start: begin.start, end: end.end };
}

function findMarkers(text: string): Marker[] {
  const markers: Marker[] = [];
  // No name of a task holds a `>` or is longer, and no line makes the search go back over itself.
  const pattern =
    /^\uFEFF?[ \t]*(<!--[ \t]*docs-sync:(begin|end)[ \t]([^>\n]{1,600})-->)[ \t]*\r?$/gm;
  let line = 1;
  let counted = 0;
  for (const match of text.matchAll(pattern)) {
    const [whole, marker = '', word, name = ''] = match;
    const key = name.trim();
    const start = match.index + whole.indexOf(marker);
    for (let at = text.indexOf('\n', counted); at !== -1 && at < start;) {
      line += 1;
      counted = at + 1;
      at = text.indexOf('\n', counted);
    }
    markers.push({ isBegin: word === 'begin', key, line, start, end: start + marker.length });
  }
  return markers;
}
