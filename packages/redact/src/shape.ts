import { byteClass, commonClasses, singleByte } from './byte-class.js';
import type { ByteClass } from './byte-class.js';
import { classRun, isWordStart, lateMatcher } from './matcher.js';
import type { Matcher, Verdict, Window } from './matcher.js';

/** A rule for a token that is known by its looks. */
export interface ShapeRule {
  readonly id: string;
  /**
   * A regular expression of single characters and classes, each with `{n}`, `{n,m}` or `{n,}` after it or
   * nothing. Neighbours share no character, so that there is one way to match.
   */
  readonly shape: string;
  /** It must not begin within a word: its start is too common. */
  readonly isWord?: boolean;
  /** What goes with it after its shape, as the inside of a class. @default the last class */
  readonly rest?: string;
}

interface Part {
  readonly members: ByteClass;
  readonly min: number;
  readonly max: number;
}

const partPattern = /(\[[^\]]+\]|\\.|[^\\[{])(?:\{(\d+)(,?)(\d*)\})?/gy;
/** Of a token that the stream's end cuts, this many characters after its fixed start are hidden. */
const minCutCharacters = 8;

/** The matcher for a rule: it is sure as soon as the fewest characters are there, the rest is a run. */
export function shapeMatcher(rule: ShapeRule): Matcher {
  return lateMatcher(startOf(rule.shape), () => makeShapeMatcher(rule));
}

function makeShapeMatcher(rule: ShapeRule): Matcher {
  const parts = parseShape(rule.shape);
  const last = parts.at(-1);
  if (last === undefined) throw new Error(`Internal error: "${rule.shape}" is no shape`);
  const rest = rule.rest === undefined ? last.members : byteClass(rule.rest);
  const restOfRun =
    last.max === Infinity ? classRun(`shape ${rule.rest ?? rule.shape}`, rest) : undefined;
  const { word } = commonClasses();
  const fixed = parts.findIndex((part) => part.min !== 1 || part.max !== 1);

  function verify(window: Window, at: number): Verdict {
    if (rule.isWord === true && !isWordStart(window, at, word)) return 'no';
    let index = at;
    for (const part of parts) {
      const end = takePart(window.data, index, part);
      if (end < 0) return 'no';
      if (end === window.data.length && end - index < part.max && !isSure(part, end - index)) {
        return end - at >= fixed + minCutCharacters ? 'cut' : 'more';
      }
      index = end;
    }
    return { match: { rule: rule.id, start: at, end: index, run: restOfRun } };
  }

  function isSure(part: Part, length: number): boolean {
    return part === last && length >= part.min;
  }

  return { head: headOf(parts), verify };
}

/** Where the part ends, at most at the end of the data; -1 where it does not match. */
function takePart(data: Uint8Array, from: number, { members, min, max }: Part): number {
  // An open part is sure with its fewest; its run takes the rest.
  const limit = Math.min(data.length, from + (max === Infinity ? min : max));
  let index = from;
  while (index < limit && members[data[index] ?? 0] === 1) index++;
  return index - from < min && index < data.length ? -1 : index;
}

export function parseShape(shape: string): Part[] {
  const parts: Part[] = [];
  let consumed = 0;
  for (const found of shape.matchAll(partPattern)) {
    consumed += found[0].length;
    parts.push(readPart(found));
  }
  if (consumed !== shape.length) throw new Error(`Internal error: "${shape}" is no shape`);
  return parts;
}

/** What the first two characters may be, from as few parts as it takes to know that. */
function startOf(shape: string): ByteClass[] {
  // Nearly all rules begin with two plain characters and one more.
  if (/^[A-Za-z0-9:_-]{3}/.test(shape)) {
    return [singleByte(shape.charCodeAt(0)), singleByte(shape.charCodeAt(1))];
  }
  const parts: Part[] = [];
  let characters = 0;
  for (const found of shape.matchAll(partPattern)) {
    const part = readPart(found);
    parts.push(part);
    characters += part.min;
    if (characters >= 2) break;
  }
  return headOf(parts);
}

function readPart([, single = '', min, comma, max]: RegExpExecArray): Part {
  const least = Number(min ?? 1);
  const most = comma === ',' ? (max === '' ? Infinity : Number(max)) : least;
  return { members: membersOf(single), min: least, max: most };
}

function membersOf(single: string): ByteClass {
  return single.startsWith('[')
    ? byteClass(single.slice(1, -1))
    : singleByte(single.charCodeAt(single.length - 1));
}

function headOf(parts: readonly Part[]): ByteClass[] {
  const head: ByteClass[] = [];
  for (const { members, min, max } of parts) {
    for (let count = 0; count < min && head.length < 7; count++) head.push(members);
    if (min !== max) break;
  }
  return head;
}
