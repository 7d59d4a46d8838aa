import { evidenceLinksIn, evidenceStart } from './evidence-link.js';
import type { EvidenceLink } from './evidence-link.js';
import { visitTextLines } from './text-lines.js';

/** What a document says is to be done, is done, and what shows it. */
export interface Checklist {
  /** Text of the first heading. */
  readonly title: string | null;
  readonly items: readonly ChecklistItem[];
  /** Evidence that belongs to no item. */
  readonly looseEvidence: readonly EvidenceLink[];
}

export interface ChecklistItem {
  /** From 1, in the order of the document. */
  readonly number: number;
  /** First and last line, from 1; nested items have lines of their own. */
  readonly line: number;
  readonly lastLine: number;
  /** Columns before its mark. */
  readonly indent: number;
  readonly isDone: boolean;
  /** What is to be done: the first line, without the mark and without the evidence. */
  readonly text: string;
  /** Heading that it stands under. */
  readonly section: string | null;
  readonly evidence: readonly EvidenceLink[];
}

/**
 * Reads the items `- [ ]` and `- [x]` of a Markdown document and the links behind `Evidence:`. What is
 * indented below an item belongs to it, plain lists too. Code blocks and comments are left out. Never
 * throws, whatever the text.
 */
export function parseChecklist(text: string): Checklist {
  const reader = new ChecklistReader();
  visitTextLines(text, (line, number) => {
    reader.take(line, number);
  });
  return { title: reader.title, items: reader.items, looseEvidence: reader.looseEvidence };
}

/** All links of a document with the item that each belongs to; null where it belongs to none. */
export function evidenceOf(
  checklist: Checklist,
): { readonly link: EvidenceLink; readonly item: ChecklistItem | null }[] {
  return [
    ...checklist.items.flatMap((item) => item.evidence.map((link) => ({ link, item }))),
    ...checklist.looseEvidence.map((link) => ({ link, item: null })),
  ].sort((a, b) => a.link.line - b.link.line);
}

type Draft = { -readonly [Key in keyof ChecklistItem]: ChecklistItem[Key] } & {
  readonly evidence: EvidenceLink[];
};

interface ListLine {
  readonly indent: number;
  /** Undefined in a list without boxes. */
  readonly mark: string | undefined;
  readonly text: string;
}

class ChecklistReader {
  title: string | null = null;
  readonly items: Draft[] = [];
  readonly looseEvidence: EvidenceLink[] = [];
  #section: string | null = null;
  /** The items that what comes next may belong to, the innermost last. */
  #open: Draft[] = [];
  /** Whether the paragraph is behind its `Evidence:`. */
  #isEvidence = false;
  #isBehindBlank = false;

  take(line: string, number: number): void {
    if (line.trim() === '') {
      this.#isEvidence = false;
      this.#isBehindBlank = true;
      return;
    }
    this.#takeText(line, number);
    this.#isBehindBlank = false;
  }

  #takeText(line: string, number: number): void {
    const heading = /^ {0,3}#{1,6}[ \t]+(.*)$/.exec(line)?.[1];
    const list = heading === undefined ? parseListLine(line) : undefined;
    if (heading !== undefined) this.#beginSection(heading);
    else if (list) this.#beginListItem(list, number);
    else if (this.#isBehindBlank) this.#close(indentOf(line));
    this.#collect(line, number);
  }

  #beginSection(heading: string): void {
    const text = heading.replace(/[ \t]#+[ \t]*$/, '').trim();
    this.title ??= text;
    this.#section = text;
    this.#isEvidence = false;
    this.#open = [];
  }

  #beginListItem({ indent, mark, text }: ListLine, line: number): void {
    this.#isEvidence = false;
    this.#close(indent);
    if (mark === undefined) return;
    const item: Draft = {
      number: this.items.length + 1,
      line,
      lastLine: line,
      indent,
      isDone: mark.toLowerCase() === 'x',
      text: withoutEvidence(text),
      section: this.#section,
      evidence: [],
    };
    this.items.push(item);
    this.#open.push(item);
  }

  /** Ends what does not reach as far as this indent. */
  #close(indent: number): void {
    while ((this.#open.at(-1)?.indent ?? -1) >= indent) this.#open.pop();
  }

  #collect(line: string, number: number): void {
    const item = this.#open.at(-1);
    if (item) item.lastLine = number;
    const start = this.#isEvidence ? 0 : evidenceStart(line);
    if (start === undefined) return;
    this.#isEvidence = true;
    (item?.evidence ?? this.looseEvidence).push(...evidenceLinksIn(line.slice(start), number));
  }
}

function parseListLine(line: string): ListLine | undefined {
  const match = /^([ \t]*)(?:[-*+]|\d{1,9}[.)])(?:[ \t]+(.*))?$/.exec(line);
  if (!match) return undefined;
  const [, space = '', rest = ''] = match;
  const box = /^\[([ xX])\](?:[ \t]+(.*))?$/.exec(rest);
  return { indent: columnsOf(space), mark: box?.[1], text: box ? (box[2] ?? '') : rest };
}

function withoutEvidence(text: string): string {
  const [said = ''] = text.split(/\bevidence(?:\*\*|__)?:/i, 1);
  return said === text
    ? text.trim()
    : said
        .replace(/(?:\*\*|__)$/, '')
        .trimEnd()
        .replace(/[-–—]$/, '')
        .trim();
}

function indentOf(line: string): number {
  return columnsOf(/^[ \t]*/.exec(line)?.[0] ?? '');
}

function columnsOf(space: string): number {
  let columns = 0;
  for (const character of space)
    columns = character === '\t' ? columns + 4 - (columns % 4) : columns + 1;
  return columns;
}
