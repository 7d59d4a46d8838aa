import { plainText } from './styled-line.js';
import type { Line, Span } from './styled-line.js';

export interface Column {
  readonly title: string;
  /** Numbers stand to the right. @default `left` */
  readonly align?: 'left' | 'right';
}

/** A table with a line of titles; what is in its cells has to be printable. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Line[])[],
): Line[] {
  const all = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, at) => Math.max(...all.map((row) => widthOf(row[at] ?? ''))));
  return all.map((row) => {
    const line = columns.flatMap(({ align }, at): Span[] => {
      const cell = row[at] ?? '';
      const gap = ' '.repeat((widths[at] ?? 0) - widthOf(cell));
      const spans = typeof cell === 'string' ? [cell] : cell;
      return align === 'right' ? [gap, ...spans, '  '] : [...spans, gap, '  '];
    });
    return line.slice(0, line.findLastIndex(isVisible) + 1);
  });
}

function isVisible(span: Span): boolean {
  return typeof span !== 'string' || span.trim() !== '';
}

function widthOf(cell: Line): number {
  return Array.from(plainText(cell)).length;
}
