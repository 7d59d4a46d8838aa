import { sha256Hex } from '@codex-orchestrator/core';

/** The text of a file of instructions, taken apart; put together again it is the same text. */
export interface StampedText {
  /** A byte order mark, or nothing. */
  readonly mark: string;
  /** The comment that holds the stamp, or nothing. */
  readonly line: string;
  /** What stands where the stamp belongs, `null` without such a comment. */
  readonly declared: string | null;
  /** The line break behind the comment, `\n` or `\r\n`, or nothing. */
  readonly lineEnd: string;
  /** What the stamp covers: all that follows, line breaks as they stand. */
  readonly rest: string;
}

const COMMENT = /^<!--[ \t]*codex:instruction-stamp(|[ \t][^\r\n]*?)-->(\r?\n|)/i;

/** Finds the stamp at the very beginning of a text, behind a byte order mark at most. */
export function splitStamp(text: string): StampedText {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const body = text.slice(mark.length);
  const found = COMMENT.exec(body);
  if (!found) return { mark, line: '', declared: null, lineEnd: '', rest: body };
  const [whole, declared = '', lineEnd = ''] = found;
  return {
    mark,
    line: whole.slice(0, whole.length - lineEnd.length),
    declared: declared.trim(),
    lineEnd,
    rest: body.slice(whole.length),
  };
}

/** SHA-256 of what a stamp covers, 64 hex digits. */
export function stampOfRest(rest: string): string {
  return sha256Hex(rest);
}

/**
 * The text with the stamp that it should have. A comment that is there keeps its line break, also
 * where it has none; a new one gets that of the text.
 */
export function withStamp(text: string): string {
  const { mark, declared, lineEnd, rest } = splitStamp(text);
  const end = declared === null ? lineBreakOf(rest) : lineEnd;
  return `${mark}<!-- codex:instruction-stamp ${stampOfRest(rest)} -->${end}${rest}`;
}

function lineBreakOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** Whether the stamp is that of the same text with `\n` or with `\r\n` for all its line breaks. */
export function differsInLineBreaks({ declared, rest }: StampedText): boolean {
  const unix = rest.replaceAll('\r\n', '\n');
  const windows = unix.replaceAll('\n', '\r\n');
  const stamp = declared?.toLowerCase();
  return stamp === stampOfRest(unix) || stamp === stampOfRest(windows);
}
