import { locateEntries } from './locate-entries.js';
import type { EntrySpans } from './locate-entries.js';

/** An entry as it is written. */
export interface NewEntry {
  readonly path: string;
  readonly owner: string;
  readonly status: 'active';
  /** `YYYY-MM-DD` */
  readonly last_review: string;
  readonly cadence_days: number;
}

/**
 * The text of a registry with more entries: each where it belongs, in a registry that is sorted by path,
 * and else at the end. All that stands there stays as it is, character by character; what is new is
 * indented as what is around it.
 *
 * @param paths Those of the entries that are there, in their order; null for what has none.
 */
export function addEntries(
  text: string,
  paths: readonly (string | null)[],
  entries: readonly NewEntry[],
): string {
  const spans = locateEntries(text);
  const { compare, isSorted } = orderOf(paths);
  const sorted = [...entries].sort((one, other) => compare(one.path, other.path));
  const pieces: string[] = [];
  let copied = 0;
  let place = isSorted ? 0 : paths.length;
  const layout = layoutOf(text, spans);
  sorted.forEach((entry, index) => {
    while (place < paths.length && compare(paths[place] ?? '', entry.path) <= 0) place += 1;
    const before = spans.elements[place];
    const offset = before?.start ?? spans.elements.at(-1)?.end ?? spans.array.start + 1;
    pieces.push(text.slice(copied, offset));
    copied = offset;
    const written = render(entry, layout);
    if (before) pieces.push(written, ',', layout.separator);
    else pieces.push(paths.length + index === 0 ? '' : ',', layout.separator, written);
  });
  if (paths.length === 0) {
    pieces.push(layout.closing);
    copied = spans.array.end - 1;
  }
  return pieces.join('') + text.slice(copied);
}

/** @throws never; a registry that does not exist yet. */
export function newRegistry(generatedAt: string): string {
  return `${JSON.stringify({ version: 1, generated_at: generatedAt, entries: [] }, null, 2)}\n`;
}

interface Layout {
  /** What stands in front of an entry. */
  readonly separator: string;
  /** What stands behind the last one, for an array that is empty. */
  readonly closing: string;
}

function layoutOf(text: string, { array, elements }: EntrySpans): Layout {
  const first = elements[0];
  if (first) return { separator: text.slice(array.start + 1, first.start), closing: '' };
  const lineBreak = /\r?\n/.exec(text)?.[0];
  if (lineBreak === undefined) return { separator: '', closing: '' };
  return { separator: `${lineBreak}    `, closing: `${lineBreak}  ` };
}

function render(entry: NewEntry, { separator }: Layout): string {
  const lineAt = separator.lastIndexOf('\n');
  if (lineAt === -1) return JSON.stringify(entry);
  const lineStart = separator.slice(separator[lineAt - 1] === '\r' ? lineAt - 1 : lineAt);
  return JSON.stringify(entry, null, 2).replaceAll('\n', lineStart);
}

type Compare = (one: string, other: string) => number;

/** The order that a registry is in: by code units, or as people sort. */
function orderOf(paths: readonly (string | null)[]): { compare: Compare; isSorted: boolean } {
  const byCodeUnits: Compare = (one, other) => (one < other ? -1 : Number(one > other));
  if (isSortedBy(paths, byCodeUnits)) return { compare: byCodeUnits, isSorted: true };
  const collator = new Intl.Collator('en');
  const byLetters: Compare = (one, other) => collator.compare(one, other);
  if (isSortedBy(paths, byLetters)) return { compare: byLetters, isSorted: true };
  return { compare: byCodeUnits, isSorted: false };
}

function isSortedBy(paths: readonly (string | null)[], compare: Compare): boolean {
  return paths.every((path, index) => {
    const previous = index === 0 ? '' : paths[index - 1];
    return typeof path === 'string' && typeof previous === 'string' && compare(previous, path) <= 0;
  });
}
