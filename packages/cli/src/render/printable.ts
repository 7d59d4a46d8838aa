/* eslint-disable no-control-regex -- control characters are what this file is about */

/** Colours and other sequences that a terminal would obey: CSI, OSC and strings, two-byte escapes. */
const sequences =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]/g;

/**
 * What is left of control characters, then everything that is text and yet invisible: marks that turn
 * the reading order, zero-width characters, tags and variation selectors (which can carry a hidden
 * message), and halves of characters, which no encoding has. The one that makes a sign of a warning the
 * picture that other programs look for stays.
 */
const invisible =
  /(?!(?<=\u26a0)\ufe0f)[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufff9-\ufffb\p{Surrogate}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Text from somewhere else, safe to print: what would move the cursor, retitle the terminal, write to
 * the clipboard, clear the screen, hide or reverse the reading order is removed. Line feeds and tabs
 * stay.
 */
export function printable(text: string): string {
  return text.replace(sequences, '').replace(invisible, '');
}

/** The same on one line, cut to a width with an ellipsis. */
export function printableLine(text: string, maxColumns: number): string {
  const line = printable(text).replace(/\s+/g, ' ').trim();
  if (line.length <= maxColumns) return line;
  return maxColumns < 1 ? '' : `${printable(line.slice(0, maxColumns - 1))}…`;
}
