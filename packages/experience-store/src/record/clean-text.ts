/* eslint-disable no-control-regex -- control characters are what this file looks for */

/**
 * What has no place in a text that people and models read: control characters, unpaired surrogates,
 * and characters that are invisible or turn the direction of writing, in which things can be hidden.
 * White space is kept.
 */
const UNWANTED =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200b\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}\p{Cs}]/gu;

/** Colours and cursor movements of terminals: without their first character the rest would stay. */
const TERMINAL_SEQUENCES =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]{0,2048}(?:\u0007|\u001b\\))/g;

const IS_PLAIN = /^[\t-\r -~]*$/;

/** Takes out what is unwanted. */
export function cleanText(text: string): string {
  if (IS_PLAIN.test(text)) return text;
  return text.replace(TERMINAL_SEQUENCES, '').replace(UNWANTED, '');
}

/** Whether a text has characters that no name should have. */
export function hasUnwanted(text: string): boolean {
  return /[\t-\r]/.test(text) || (!IS_PLAIN.test(text) && text.search(UNWANTED) !== -1);
}

/** Longer words are cut, so that a text of few words cannot be huge. */
const MOST_WORD_LENGTH = 512;

/** The first words of a text, joined by one space. */
export function firstWords(text: string, maxWords: number): string {
  let first = '';
  let start = -1;
  for (let at = 0, count = 0; at <= text.length && count < maxWords; at++) {
    const isWord = at < text.length && !isSpace(text.charCodeAt(at));
    if (isWord && start < 0) start = at;
    if (isWord || start < 0) continue;
    first += (count === 0 ? '' : ' ') + shortened(text.slice(start, at));
    start = -1;
    count += 1;
  }
  return first;
}

function isSpace(code: number): boolean {
  return code <= 32 || (code >= 160 && /\s/.test(String.fromCharCode(code)));
}

function shortened(word: string): string {
  if (word.length <= MOST_WORD_LENGTH) return word;
  // A pair of surrogates is one character, and not cut in two.
  return word.slice(0, MOST_WORD_LENGTH).replace(/[\ud800-\udbff]$/, '');
}
