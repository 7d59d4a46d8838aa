/** Runs of backticks longer than this are shortened, so that a fence stays short as well. */
const maxBackticks = 32;

/** What nobody sees and models read: controls, format characters, private use, halves of pairs. */
const unseen = /(?![\n\t ])(?:\s|[\p{Cc}\p{Cf}\p{Cs}\p{Co}])/gu;

/**
 * Text of the repository as a reviewer may see it: what is invisible is written out, such as `<U+202E>`,
 * as it may be what the review has to find; markers of chats such as `<|im_start|>` are broken up. Pure.
 */
export function showUnseen(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(unseen, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
    })
    .replace(/`{33,}/g, '`'.repeat(maxBackticks))
    .replace(/<(?=[|｜])/g, '‹');
}

/** A block of text, as `showUnseen` left it, that the text cannot end. */
export function quoteBlock(shown: string, language = 'text'): string {
  const fence = '`'.repeat(Math.max(3, longestRun(shown) + 1));
  return `${fence}${language}\n${shown.replace(/\n+$/, '')}\n${fence}`;
}

/** Bytes that `quoteBlock` adds to a text at most. */
export const maxFenceBytes = 2 * (maxBackticks + 1) + 8;

/** Text of the repository on one line of at most so many characters. */
export function quoteLine(text: string, maxCharacters: number): string {
  const line = showUnseen(text.slice(0, maxCharacters * 8).replace(/\s+/g, ' '))
    .replace(/`{3,}/g, '`')
    .trim();
  if (line.length <= maxCharacters) return line;
  return `${line.slice(0, maxCharacters - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A path between backticks, which no backtick of its own can end. */
export function quotePath(path: string): string {
  return `\`${quoteLine(path, 300).replaceAll('`', '<U+0060>')}\``;
}

/** The start of a text within so many bytes of UTF-8, cut between lines where it has some. */
export function cutEnd(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const kept = Buffer.from(text)
    .subarray(0, Math.max(0, maxBytes))
    .toString()
    .replace(/\ufffd{1,3}$/u, '');
  const lastBreak = kept.lastIndexOf('\n');
  return lastBreak > 0 ? kept.slice(0, lastBreak + 1) : kept;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const { 0: run } of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
