/** A set of byte values: 1 at each member. */
export type ByteClass = Uint8Array;

const known = new Map<string, ByteClass>();
const singles: (ByteClass | undefined)[] = [];
const escapes: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  s: ' \t\n\v\f\r\u00a0',
};

/**
 * The members of a class in the notation of regular expressions, without its brackets. It is read here
 * and not by the engine, for which each of a hundred classes would be an expression to compile.
 */
export function byteClass(notation: string): ByteClass {
  const made = known.get(notation);
  if (made !== undefined) return made;
  const isNegated = notation.startsWith('^');
  const table = new Uint8Array(256);
  for (let at = isNegated ? 1 : 0; at < notation.length;) at = addMember(table, notation, at);
  const members = isNegated ? complement(table) : table;
  known.set(notation, members);
  return members;
}

/** Adds the character or range that is written there; returns where the next one is. */
function addMember(table: Uint8Array, notation: string, at: number): number {
  const first = readMember(notation, at);
  const isRange = notation[first.end] === '-' && first.end + 1 < notation.length;
  const last = isRange ? readMember(notation, first.end + 1) : first;
  if (isRange) table.fill(1, first.characters.charCodeAt(0), last.characters.charCodeAt(0) + 1);
  else for (const character of first.characters) table[character.charCodeAt(0)] = 1;
  return last.end;
}

function readMember(notation: string, at: number): { characters: string; end: number } {
  const character = notation.charAt(at);
  if (character !== '\\') return { characters: character, end: at + 1 };
  const letter = notation.charAt(at + 1);
  if (letter !== 'x') return { characters: escapes[letter] ?? letter, end: at + 2 };
  const code = Number.parseInt(notation.slice(at + 2, at + 4), 16);
  return { characters: String.fromCharCode(code), end: at + 4 };
}

/** The class of one byte. */
export function singleByte(byte: number): ByteClass {
  const made = singles[byte];
  if (made !== undefined) return made;
  const table = new Uint8Array(256);
  table[byte] = 1;
  singles[byte] = table;
  members.set(table, [byte]);
  return table;
}

/** All bytes that are not in the class. */
export function complement(of: ByteClass): ByteClass {
  return of.map((isMember) => 1 - isMember);
}

const members = new Map<ByteClass | undefined, readonly number[]>();

/** The bytes in the class; all of them where there is none. */
export function membersOf(of: ByteClass | undefined): readonly number[] {
  const made = members.get(of);
  if (made !== undefined) return made;
  const found: number[] = [];
  for (let byte = 0; byte < 256; byte++) {
    if (of === undefined || of[byte] === 1) found.push(byte);
  }
  members.set(of, found);
  return found;
}

/** The classes that several rules share, made when the first redactor is. */
export interface CommonClasses {
  readonly whitespace: ByteClass;
  readonly text: ByteClass;
  readonly word: ByteClass;
  readonly base64: ByteClass;
}

let common: CommonClasses | undefined;

export function commonClasses(): CommonClasses {
  if (common !== undefined) return common;
  const whitespace = byteClass(' \\t\\n\\v\\f\\r');
  common = {
    whitespace,
    text: complement(whitespace),
    word: byteClass('A-Za-z0-9'),
    base64: byteClass('A-Za-z0-9+/=_-'),
  };
  return common;
}
