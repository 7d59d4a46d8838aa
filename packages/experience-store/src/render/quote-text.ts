/** Stored text longer than this is cut, whatever it says. */
const MAX_QUOTED_CHARACTERS = 2000;
const ELLIPSIS = '…';

/** Colours, cursor moves, titles: whole sequences, as their rest would stay when only ESC goes. */
const TERMINAL_SEQUENCES =
  // eslint-disable-next-line no-control-regex -- these are what must not get through
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b\]|\u009d)[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)/gu;

/** The mark of byte order is none, though it counts as some. */
const WHITE_SPACE = /(?:[^\S\ufeff]|\u0085)+/gu;

/**
 * What nobody sees and models read: controls, format characters (zero width, bidi, tags), variation
 * selectors and fillers, halves of surrogate pairs, private use.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu;

/** A tag, a chat token such as `<|im_start|>`, a comment: not `a < 2`, `<=` or `->`. */
const OPENING_ANGLE = /[<＜﹤](?=\s*[\p{L}/!?|｜_$%&])/gu;
const TOKEN_END = /([|｜])[>＞﹥]/gu;
const COMMENT_END = /(--!?)[>＞﹥]/gu;

/** The marker of an injected experience, and the bracketed markers of chat templates. */
const OPENING_BRACKET =
  /[[［](?=\s*\/?\s*(?:exp|inst|sys|system|system_prompt|user|assistant|human|developer|instructions?|available_tools|tool_calls|tool_results)\b)/giu;

/** Three or more begin a block of code. */
const FENCE = /([`~])\1{2,}/gu;

const ROLES = 'human|assistant|system|user|developer';
const ROLE_AT_START = new RegExp(`^([^\\p{L}\\p{N}]*)(${ROLES})(?=[*_\\s]*[:：])`, 'iu');
/** Later on, only where it looks like a turn: `chown user:group` does not. */
const ROLE_IN_TEXT = new RegExp(
  `(?<![\\p{L}\\p{N}_-])(?:${ROLES})(?=[*_\\s]*[:：](?:\\s|$))`,
  'giu',
);
const CAPITAL_ROLE = new RegExp(
  `(?<![\\p{L}\\p{N}_-])(?:${capitals(ROLES)})(?=[*_\\s]*[:：])`,
  'gu',
);

/**
 * Stored text as one line of data for a prompt or a terminal: it says what it said, and nothing in it
 * works as structure of what surrounds it. Applying it twice changes nothing more.
 *
 * - Control, bidi, zero-width and other unseen characters and terminal sequences go; all white space
 *   becomes one space.
 * - The `<` of tags, chat tokens and comments becomes `‹`, the `[` of `[INST]` and its like and of
 *   `[exp ...]` becomes `(`, fences of code become a single mark, and `Human:` becomes `"Human":`.
 * - More than 2000 characters are cut, with `…` at the end.
 */
export function quoteText(text: string): string {
  return defang(readable(text));
}

/** The same for a name inside a marker, such as an id: it cannot end the marker or add a part to it. */
export function quoteName(text: string): string {
  return defang(readable(text).replace(/[[\]|［］｜]/gu, '_'));
}

/** What a reader would see, on one line. */
function readable(text: string): string {
  // What is dropped shortens a text: enough is left to fill the limit in all but absurd cases.
  return text
    .slice(0, MAX_QUOTED_CHARACTERS * 8)
    .replace(TERMINAL_SEQUENCES, '')
    .replace(WHITE_SPACE, ' ')
    .replace(UNSEEN, '')
    .replace(/ {2,}/gu, ' ')
    .trim();
}

function defang(text: string): string {
  const defanged = text
    .replace(OPENING_ANGLE, '‹')
    .replace(TOKEN_END, '$1›')
    .replace(COMMENT_END, '$1›')
    .replace(OPENING_BRACKET, '(')
    .replace(FENCE, '$1')
    .replace(ROLE_AT_START, '$1"$2"')
    .replace(ROLE_IN_TEXT, '"$&"')
    .replace(CAPITAL_ROLE, '"$&"');
  return cut(defanged);
}

function cut(text: string): string {
  if (text.length <= MAX_QUOTED_CHARACTERS) return text;
  const kept = text.slice(0, MAX_QUOTED_CHARACTERS - ELLIPSIS.length);
  return kept.replace(/[\ud800-\udbff]$/u, '').trimEnd() + ELLIPSIS;
}

function capitals(roles: string): string {
  const names = roles.split('|');
  return names
    .flatMap((name) => [name.toUpperCase(), name.charAt(0).toUpperCase() + name.slice(1)])
    .join('|');
}
