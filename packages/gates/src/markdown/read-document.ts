import { DocumentReader } from './document-reader.js';
import type { MarkdownDocument } from './markdown-document.js';

/**
 * Reads a Markdown document as GitHub does (CommonMark with tables), as far as it refers to other things.
 * Whatever the text is, it is read in time proportional to its length and without an error.
 */
export function readDocument(text: string): MarkdownDocument {
  const plain = normalize(text);
  const frontMatter = findFrontMatter(plain);
  const body = frontMatter === null ? plain : plain.slice(frontMatter.end);
  const reader = new DocumentReader(frontMatter?.lines ?? 0);
  reader.read(body);
  return {
    headings: reader.headings,
    anchors: reader.anchors,
    links: reader.links,
    undefinedReferences: reader.undefinedReferences,
    codeSpans: reader.codeSpans,
    passages: reader.passages,
    frontMatter: frontMatter?.text ?? null,
    unreadFrom: reader.unreadFrom,
  };
}

function normalize(text: string): string {
  const whole = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const lines = whole.includes('\r') ? whole.replaceAll(/\r\n?/g, '\n') : whole;
  return lines.includes('\0') ? lines.replaceAll('\0', '\uFFFD') : lines;
}

interface FrontMatter {
  readonly text: string;
  /** Behind its last line. */
  readonly end: number;
  readonly lines: number;
}

function findFrontMatter(text: string): FrontMatter | null {
  const opening = /^---[ \t]*\n/.exec(text)?.[0];
  if (opening === undefined) return null;
  const closing = /^(?:---|\.\.\.)[ \t]*(?:\n|$)/gm;
  closing.lastIndex = opening.length;
  const close = closing.exec(text);
  if (close === null) return null;
  const end = close.index + close[0].length;
  return {
    text: text.slice(opening.length, close.index),
    end,
    lines: text.slice(0, end).split('\n').length - 1,
  };
}
