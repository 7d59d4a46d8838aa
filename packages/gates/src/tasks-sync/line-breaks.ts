export type LineBreak = '\n' | '\r\n';

/** The line break that a text uses, going by its first one. @default '\n' */
export function lineBreakOf(text: string): LineBreak {
  return /\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n';
}

/** A text with `\n` for every line break of Markdown, as it is compared. */
export function withPlainBreaks(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

/** A text of plain line breaks with those of the file that it goes into. */
export function withBreaks(text: string, lineBreak: LineBreak): string {
  return lineBreak === '\n' ? text : text.replaceAll('\n', lineBreak);
}
