/** A member of the outermost object of a JSON text, by the offsets of its key and of its value. */
interface Member {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/**
 * A JSON text with another `stamp`: every other character stays. Where there is none yet it becomes
 * the last member, set like the one before it.
 *
 * @param text Parses as an object with at least one member. A byte order mark is allowed.
 * @param stamp Of characters that JSON does not escape.
 */
export function editStamp(text: string, stamp: string): string {
  const members = membersOf(text);
  // Of members with one name the last counts.
  const old = members.findLast(({ key }) => key === 'stamp');
  if (old) return `${text.slice(0, old.valueStart)}"${stamp}"${text.slice(old.valueEnd)}`;
  const last = members.at(-1);
  if (!last) throw new SyntaxError('expected an object with members');
  const indent = /\s*$/.exec(text.slice(0, last.keyStart))?.[0] ?? '';
  const colon = text.slice(last.keyEnd, last.valueStart);
  const added = `,${indent}"stamp"${colon}"${stamp}"`;
  return text.slice(0, last.valueEnd) + added + text.slice(last.valueEnd);
}

function membersOf(text: string): Member[] {
  const members: Member[] = [];
  let at = skipSpace(text, text.indexOf('{') + 1);
  while (text[at] === '"') {
    const keyStart = at;
    const keyEnd = endOfString(text, keyStart);
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const valueEnd = endOfValue(text, valueStart);
    const key = JSON.parse(text.slice(keyStart, keyEnd)) as string;
    members.push({ key, keyStart, keyEnd, valueStart, valueEnd });
    at = skipSpace(text, valueEnd);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return members;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text.charAt(at))) at += 1;
  return at;
}

/** @param from Where its opening quote stands. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function endOfValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const character = text.charAt(at);
    if (depth === 0 && /[,}\]\s]/.test(character)) return at;
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    at = character === '"' ? endOfString(text, at) : at + 1;
    if (depth === 0 && /["}\]]/.test(character)) return at;
  }
  return at;
}
