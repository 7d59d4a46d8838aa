import type { Colors } from './colors.js';
import { printable } from './printable.js';

/** A line of an answer. Colours are said and not written: what a text brings along of its own is removed. */
export type Line = string | readonly Span[];

export type Span = string | StyledText;

export interface StyledText {
  readonly text: string;
  readonly style: keyof Colors;
}

/** The line as it is printed; no colours but ours reach the terminal. */
export function printLine(line: Line, colors: () => Colors): string {
  return typeof line === 'string'
    ? printable(line)
    : line.map((span) => printSpan(span, colors)).join('');
}

function printSpan(span: Span, colors: () => Colors): string {
  return typeof span === 'string' ? printable(span) : colors()[span.style](printable(span.text));
}

/** The line without colours, for its length. */
export function plainText(line: Line): string {
  return typeof line === 'string'
    ? line
    : line.map((span) => (typeof span === 'string' ? span : span.text)).join('');
}
