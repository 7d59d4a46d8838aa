const maxCharacters = 500;

/**
 * What an agent says it did: what follows the last line that starts with `summary:` in any case, else
 * its last line with a word in it, at most 500 characters. Null for a message without words.
 */
export function summaryOf(message: string): string | null {
  const lines = message.split(/\r?\n/);
  const marked = lines.map(markedText).findLast((text) => text !== '');
  const summary = marked ?? lines.findLast((line) => /[\p{L}\p{N}]/u.test(line))?.trim();
  return summary === undefined ? null : cut(summary);
}

/** What stands behind the mark; empty for any other line. Emphasis around the mark does not hide it. */
function markedText(line: string): string {
  const found = /^[\s>*#_-]{0,12}summary[*_]{0,2}\s?:[*_]{0,2}(.*)$/i.exec(line);
  return found?.[1]?.trim() ?? '';
}

function cut(text: string): string {
  if (text.length <= maxCharacters) return text;
  return `${text.slice(0, maxCharacters - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
