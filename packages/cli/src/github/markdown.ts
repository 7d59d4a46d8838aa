import { printable, printableLine } from '../render/printable.js';

/** Text from somewhere else as itself in a paragraph or a table cell: no markup, no HTML, no mention. */
export function escapeMarkdown(text: string): string {
  return printableLine(text, 400)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')
    .replace(/[\\`*_{}[\]()#+!|~:.-]/g, String.raw`\$&`);
}

/** Lines in a code block that they cannot end: its fence is longer than any run of backticks in them. */
export function fenced(lines: readonly string[]): string[] {
  const shown = lines.map((line) => printable(line).replaceAll('\n', ' '));
  const longest = Math.max(
    0,
    ...(shown
      .join('\n')
      .match(/`+/g)
      ?.map(({ length }) => length) ?? []),
  );
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return [`${fence}text`, ...shown, fence];
}
