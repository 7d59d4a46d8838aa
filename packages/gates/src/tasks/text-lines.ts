/**
 * Visits the lines of a Markdown document that are text: fenced code is left out, comments are taken out
 * of their lines, the marks of quotations are dropped. A line in which nothing is left is visited as
 * an empty one.
 */
export function visitTextLines(text: string, visit: (line: string, number: number) => void): void {
  let fence: string | undefined;
  let isComment = false;
  let number = 0;
  for (const raw of text.split(/\r\n|\n|\r/)) {
    number += 1;
    if (fence !== undefined) {
      if (closesFence(raw, fence)) fence = undefined;
      visit('', number);
      continue;
    }
    const line = raw.replace(/^(?:[ \t]{0,3}>)+ ?/, '');
    const opening = isComment ? undefined : fenceOf(line);
    if (opening !== undefined) {
      fence = opening;
      visit('', number);
      continue;
    }
    const shown = withoutComments(line, isComment);
    isComment = shown.isComment;
    visit(shown.text, number);
  }
}

/** What opens a block of code; code in a line between as many backticks does not. */
function fenceOf(line: string): string | undefined {
  const fence = /^[ \t]*(`{3,}|~{3,})/.exec(line)?.[1];
  if (fence?.startsWith('`') !== true) return fence;
  return line.trimStart().includes('`', fence.length) ? undefined : fence;
}

function closesFence(line: string, fence: string): boolean {
  const closing = /^(?:[ \t]*>)*[ \t]*(`{3,}|~{3,})[ \t]*$/.exec(line.slice(0, 1024))?.[1];
  return closing?.[0] === fence[0] && (closing?.length ?? 0) >= fence.length;
}

interface Shown {
  readonly text: string;
  readonly isComment: boolean;
}

/**
 * A comment may go on over lines only where it begins its line; elsewhere it ends in the line or is none.
 * `<!--` in a sentence about comments must not hide what is below it.
 */
function withoutComments(line: string, startsInside: boolean): Shown {
  let text = '';
  let position = startsInside ? behind('-->', line, 0) : 0;
  if (position === undefined) return { text, isComment: true };
  for (;;) {
    const start = line.indexOf('<!--', position);
    if (start === -1) return { text: text + line.slice(position), isComment: false };
    const end = behind('-->', line, start + 4);
    if (end === undefined) {
      const isBlock = /^ {0,3}$/.test(line.slice(0, start));
      return { text: isBlock ? '' : text + line.slice(position), isComment: isBlock };
    }
    text += line.slice(position, start);
    position = end;
  }
}

function behind(mark: string, line: string, from: number): number | undefined {
  const found = line.indexOf(mark, from);
  return found === -1 ? undefined : found + mark.length;
}
