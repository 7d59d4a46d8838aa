import { cutEnd, cutStart } from './cut-text.js';

/** Runs of backticks longer than this are shortened, so that a fence stays short as well. */
const maxBackticks = 8;

/** What nobody sees and models read: controls, format characters, private use, halves of pairs. */
const unseen = /(?![\n\t ])(?:\s|[\p{Cc}\p{Cf}\p{Cs}\p{Co}])/gu;

/** Whole sequences, as their rest would stay. */
const terminalSequences =
  // eslint-disable-next-line no-control-regex -- these are what must not get through
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)/g;

/**
 * Text from elsewhere in a block that it cannot end, within so many bytes with its fence: unseen
 * characters go, and markers of chats such as `<|im_start|>` are broken up. Empty where nothing is left.
 */
export function quoteData(
  text: string,
  { maxBytes, keep }: { readonly maxBytes: number; readonly keep: 'start' | 'end' },
): string {
  const readable = toReadable(text).replace(/^\n+/, '').trimEnd();
  const fence = '`'.repeat(Math.max(3, longestRun(readable) + 1));
  const head = `${fence}text\n`;
  const room = maxBytes - head.length - fence.length - 1;
  if (readable === '' || room < 16) return '';
  return `${head}${keep === 'start' ? cutEnd(readable, room) : cutStart(readable, room)}\n${fence}`;
}

/** Text from elsewhere on one line of at most so many characters. */
export function quoteLine(text: string, maxCharacters: number): string {
  const line = toReadable(text.slice(0, maxCharacters * 8))
    .replace(/`{3,}/g, '`')
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= maxCharacters) return line;
  return `${line.slice(0, maxCharacters - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function toReadable(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(terminalSequences, '')
    .replace(unseen, (character) => (/[\s\u0085]/.test(character) ? ' ' : ''))
    .replace(/`{9,}/g, '`'.repeat(maxBackticks))
    .replace(/<(?=[|｜])/g, '‹');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}
