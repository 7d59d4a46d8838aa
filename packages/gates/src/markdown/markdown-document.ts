/**
 * What a Markdown document says, as far as it can be right or wrong about other things. Every line is counted
 * from 1 in the text that was read, front matter included.
 */
export interface MarkdownDocument {
  readonly headings: readonly Heading[];
  /** What a link can name after its `#`: slugs of headings, and ids of HTML elements. */
  readonly anchors: ReadonlySet<string>;
  /**
   * Links and images: inline ones, autolinks and those of HTML where they stand, and those of reference
   * definitions where they are defined, whether anything uses them or not.
   */
  readonly links: readonly Link[];
  /** `[text][label]` whose label nothing defines: the brackets are text. */
  readonly undefinedReferences: readonly UndefinedReference[];
  readonly codeSpans: readonly CodeSpan[];
  /** All text in the order of the document, without front matter, reference definitions and HTML comments. */
  readonly passages: readonly Passage[];
  /** What stands between the `---` at the very beginning; null without it. */
  readonly frontMatter: string | null;
  /** Line from which on something is nested so deep that it was not read; null where all was read. */
  readonly unreadFrom: number | null;
}

export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  /** Without its markup. */
  readonly text: string;
  /** As GitHub makes it, numbered where a slug was there before. */
  readonly slug: string;
  readonly line: number;
}

export interface Link {
  readonly kind: 'image' | 'link';
  /** As it was meant: without escapes and entities of Markdown, but still percent-encoded. */
  readonly target: string;
  readonly line: number;
}

export interface UndefinedReference {
  /** With its brackets, as it stands there. */
  readonly text: string;
  readonly label: string;
  readonly line: number;
}

export interface CodeSpan {
  /** Without its backticks, line breaks as blanks. */
  readonly text: string;
  readonly line: number;
  /** Whether it begins in one line and ends in another. */
  readonly isBroken: boolean;
}

/** A block of text: a paragraph, a heading, a cell, a block of code or HTML. */
export interface Passage {
  readonly kind: 'code' | 'html' | 'prose';
  /** The first word after the fence of a block of code, in lower case; empty without one. */
  readonly language: string;
  /** As many line breaks as in the document: the line of anything in it can be counted. */
  readonly text: string;
  /** Line of its first character. */
  readonly line: number;
}
