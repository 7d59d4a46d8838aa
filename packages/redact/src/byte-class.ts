/** A set of byte values: 1 at each member. */
export type ByteClass = Uint8Array;

const known = new Map<string, ByteClass>();

/** The members of a class in the notation of regular expressions, without its brackets. */
export function byteClass(notation: string): ByteClass {
  const made = known.get(notation);
  if (made !== undefined) return made;
  const table = new Uint8Array(256);
  const member = new RegExp(`[${notation}]`);
  for (let byte = 0; byte < 256; byte++) {
    if (member.test(String.fromCharCode(byte))) table[byte] = 1;
  }
  known.set(notation, table);
  return table;
}

/** The class of one byte. */
export function singleByte(byte: number): ByteClass {
  const notation = `\\x${byte.toString(16).padStart(2, '0')}`;
  const made = known.get(notation);
  if (made !== undefined) return made;
  const table = new Uint8Array(256);
  table[byte] = 1;
  known.set(notation, table);
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
