/** Colours and cursor movements of terminals: without their first character the rest would stay. */
const terminalSequences =
  // eslint-disable-next-line no-control-regex -- these are what must not get through
  /(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,16}[@-~]|\u001b\][^\u0007\u001b]{0,2048}(?:\u0007|\u001b\\)/g;

const whiteSpace = /(?:[^\S\ufeff]|\u0085)+/gu;

/**
 * What has no place on a page: control characters, halves of surrogate pairs, what has no width, and what
 * turns the direction of writing, in which a name can show as another one.
 */
const unseen =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]/gu;

const isPlain = /^[!-~]*(?: [!-~]+)*$/;

/** Text from outside as one line that shows what it holds; still to be escaped. */
export function plainText(text: string): string {
  if (isPlain.test(text)) return text;
  return text.replace(terminalSequences, '').replace(whiteSpace, ' ').replace(unseen, '');
}

/** The same, with `…` in place of what is beyond so many characters. */
export function shortText(text: string, maxCharacters: number): string {
  // What is dropped shortens a text: enough is left to fill the limit in all but absurd cases.
  const plain = plainText(text.slice(0, maxCharacters * 4 + 200)).trim();
  const characters = Array.from(plain);
  const isCut = characters.length > maxCharacters;
  return isCut
    ? `${characters
        .slice(0, maxCharacters - 1)
        .join('')
        .trimEnd()}…`
    : plain;
}

/** The same, with `…` in the middle, for paths and names whose ends tell them apart. */
export function shortPath(text: string, maxCharacters: number): string {
  const plain = plainText(
    text.length > 4000 ? text.slice(0, 2000) + text.slice(-2000) : text,
  ).trim();
  const characters = Array.from(plain);
  if (characters.length <= maxCharacters) return plain;
  const head = Math.ceil((maxCharacters - 1) / 2);
  const tail = maxCharacters - 1 - head;
  const end = tail === 0 ? '' : characters.slice(-tail).join('');
  return `${characters.slice(0, head).join('')}…${end}`;
}
