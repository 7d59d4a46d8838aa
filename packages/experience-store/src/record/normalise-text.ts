/** Stands for whatever differs from run to run: numbers, ids, times. */
const ANY = '#';

/**
 * A text as the words that matter for telling whether two say the same: in lower case and Unicode's
 * compatible form, separated by single spaces, without punctuation. Numbers (with the units of
 * durations), hex and other mixed ids count as `#`, several in a row as one; so positions in files,
 * counts, times and addresses make no difference, while every word does. A text of nothing but
 * punctuation is kept as it is.
 */
export function normaliseText(text: string): string {
  const isAscii = IS_ASCII.test(text);
  const folded = (isAscii ? text : text.normalize('NFKC')).toLowerCase();
  const words = folded.match(isAscii ? ASCII_WORDS : WORDS);
  if (words === null) return folded.trim();
  if (!HAS_DIGIT.test(folded)) return words.join(' ');
  let normal = '';
  let last = '';
  for (const word of words) {
    const next = HAS_DIGIT.test(word) ? withoutNumbers(word) : word;
    if (last === ANY && (next === ANY || DURATION_UNITS.has(next))) continue;
    normal += normal === '' ? next : ` ${next}`;
    last = next;
  }
  return normal;
}

// eslint-disable-next-line no-control-regex -- all of ASCII is what it looks for
const IS_ASCII = /^[\u0000-\u007f]*$/;
/** The same of ASCII alone, several times as fast. */
const ASCII_WORDS = /[a-z0-9$+<=>^`|~]+/g;
const WORDS = /[\p{L}\p{N}\p{M}\p{S}]+/gu;
const HAS_DIGIT = /\p{N}/u;

function withoutNumbers(word: string): string {
  if (IS_HEX.test(word) || IS_DURATION.test(word) || IS_MIXED.test(word)) return ANY;
  return word.replace(NUMBERS, ANY);
}

/** Short ones too: they are the groups of a UUID. What is one digit and a letter is rather a name. */
const IS_HEX = /^(?:0x)?(?:[0-9a-f]{4,}|\d+)$/;
const IS_DURATION = /^(?:\d+(?:ms|us|µs|μs|ns|s|secs?|m|mins?|h|hrs?|d|w))+$/;
/** Letters between digits, as random ids have them. */
const IS_MIXED = /^(?=.{8}).*\p{N}\p{L}+\p{N}/u;
const NUMBERS = /\p{N}+/gu;

const DURATION_UNITS: ReadonlySet<string> = new Set([
  ...['ms', 'millisecond', 'milliseconds', 's', 'sec', 'secs', 'second', 'seconds'],
  ...['m', 'min', 'mins', 'minute', 'minutes', 'h', 'hr', 'hrs', 'hour', 'hours'],
  ...['day', 'days'],
]);
