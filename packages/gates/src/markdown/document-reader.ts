import GithubSlugger from 'github-slugger';
import type { Token } from 'markdown-it';

import { blankComments, htmlTags } from './html-tags.js';
import type { HtmlTag } from './html-tags.js';
import { createLineCounter } from './line-counter.js';
import type {
  CodeSpan,
  Heading,
  Link,
  MarkdownDocument,
  Passage,
  UndefinedReference,
} from './markdown-document.js';
import { createMarkdownParser, maxNesting } from './markdown-parser.js';
import type { MarkdownParser, ParserNotes } from './markdown-parser.js';

/** Collects what one document says while it goes through its blocks. */
export class DocumentReader implements Omit<MarkdownDocument, 'frontMatter'> {
  readonly headings: Heading[] = [];
  readonly anchors = new Set<string>();
  readonly links: Link[] = [];
  readonly undefinedReferences: UndefinedReference[] = [];
  readonly codeSpans: CodeSpan[] = [];
  readonly passages: Passage[] = [];
  unreadFrom: number | null = null;

  readonly #slugger = new GithubSlugger();
  readonly #defined = new Set<string>();
  readonly #notes: ParserNotes = {
    references: Object.create(null) as ParserNotes['references'],
    undefinedReferences: [],
    isTooDeep: false,
  };
  readonly #linesBefore: number;

  /** @param linesBefore Lines of the document before the text that will be read. */
  constructor(linesBefore: number) {
    this.#linesBefore = linesBefore;
  }

  read(text: string): void {
    const tokens = plainParser().parseBlocks(text, this.#notes);
    // Cells do not know their line, but their row does.
    let row = 0;
    let level = 0;
    for (const token of tokens) {
      const start = token.map?.[0] ?? row;
      if (token.nesting > 0) {
        row = start;
        if (token.level + 1 >= maxNesting) this.#leaveUnread(this.#lineAt(start));
      }
      if (token.type === 'heading_open') level = Number(token.tag.slice(1));
      else if (token.type === 'heading_close') level = 0;
      else this.#readLeaf(token, this.#lineAt(start), level);
    }
  }

  #readLeaf(token: Token, line: number, level: number): void {
    switch (token.type) {
      case 'inline':
        if (level > 0) this.#readHeading(token.content, line, level);
        else this.#readText(token.content, line);
        break;
      case 'fence':
        this.#addPassage('code', token.content, line + 1, languageOf(token.info));
        break;
      case 'code_block':
        this.#addPassage('code', token.content, line);
        break;
      case 'html_block':
        this.#readHtmlBlock(blankComments(token.content), line);
        break;
      case 'reference_definition':
        this.#readDefinition(token, line);
        break;
    }
  }

  /** Most text has no more in it than spans of code, and needs no parser. */
  #readText(content: string, line: number): void {
    if (/[[<]|``/.test(content) || (content.includes('\\') && content.includes('`'))) {
      this.#readProse(content, line, plainParser());
      return;
    }
    if (content === '') return;
    this.#addPassage('prose', content, line);
    if (!content.includes('`')) return;
    const lineAt = createLineCounter(content, line);
    for (const { 1: raw = '', index } of content.matchAll(/`([^`]+)`/g)) {
      const blank = raw.replaceAll('\n', ' ');
      const isPadded = blank.startsWith(' ') && blank.endsWith(' ') && blank.trim() !== '';
      const text = isPadded ? blank.slice(1, -1) : blank;
      this.codeSpans.push({ text, line: lineAt(index), isBroken: raw.includes('\n') });
    }
  }

  #readHeading(content: string, line: number, level: number): void {
    const parser = content.includes('_') ? emphasisParser() : plainParser();
    const tokens = this.#readProse(content, line, parser);
    this.#addHeading(tokens === undefined ? content : textOf(tokens), line, level);
  }

  /** @returns Its tokens, unless there is nothing in it but text. */
  #readProse(content: string, line: number, parser: MarkdownParser): Token[] | undefined {
    if (content === '') return undefined;
    if (!hasMarkup.test(content)) {
      this.#addPassage('prose', content, line);
      return undefined;
    }
    const notes = this.#notes;
    const tokens = parser.parseInline(content, notes);
    const lineAt = createLineCounter(content, line);
    let hasComments = false;
    for (const token of tokens) {
      const start = token.map?.[0] ?? 0;
      if (token.type === 'code_inline') this.#addCodeSpan(token, content, lineAt(start));
      else if (isComment(token)) hasComments = true;
      else this.#readInline(token, lineAt(start));
    }
    this.#addPassage('prose', hasComments ? blankTokens(content, tokens) : content, line);
    this.#takeNotes(content, line);
    return tokens;
  }

  /** What the parser noted beside its tokens. */
  #takeNotes(content: string, line: number): void {
    const notes = this.#notes;
    if (notes.isTooDeep) this.#leaveUnread(line);
    notes.isTooDeep = false;
    if (notes.undefinedReferences.length === 0) return;
    const lineAt = createLineCounter(content, line);
    for (const { start, end, label } of notes.undefinedReferences) {
      const text = content.slice(start, end);
      this.undefinedReferences.push({ text, label, line: lineAt(start) });
    }
    notes.undefinedReferences = [];
  }

  #addCodeSpan({ content, markup, map }: Token, source: string, line: number): void {
    const start = map?.[0] ?? 0;
    const inside = start + markup.length;
    // The parser takes off a blank on both sides where there is one.
    const isWhole = source.startsWith(markup, inside + content.length);
    const raw = source.slice(inside, inside + content.length + (isWhole ? 0 : 2));
    const isBroken = raw.includes('\n');
    this.codeSpans.push({ text: content, line, isBroken });
  }

  #readInline(token: Token, line: number): void {
    switch (token.type) {
      case 'link_open':
        // What uses a definition leads where that does.
        if (labelOf(token) === undefined) this.#addLink('link', addressOf(token, 'href'), line);
        break;
      case 'image':
        if (labelOf(token) === undefined) this.#addLink('image', addressOf(token, 'src'), line);
        break;
      case 'html_inline':
        for (const tag of htmlTags(token.content)) this.#readTag(tag, line);
        break;
    }
  }

  #readHtmlBlock(html: string, line: number): void {
    this.#addPassage('html', html, line);
    const lineAt = createLineCounter(html, line);
    let headingEnd = 0;
    for (const tag of htmlTags(html)) {
      const place = lineAt(tag.start);
      this.#readTag(tag, place);
      if (tag.start < headingEnd || !/^h[1-6]$/.test(tag.name)) continue;
      const end = html.indexOf(`</${tag.name}`, tag.end);
      headingEnd = end < 0 ? html.length : end;
      const text = html.slice(tag.end, headingEnd).replaceAll(/<[^<>]*>/g, '');
      this.#addHeading(text.trim(), place, Number(tag.name.slice(1)));
    }
  }

  #readTag({ name, attributes }: HtmlTag, line: number): void {
    const id = attributes.get('id');
    if (id !== undefined) this.anchors.add(id);
    const anchor = name === 'a' ? attributes.get('name') : undefined;
    if (anchor !== undefined) this.anchors.add(anchor);
    if (name === 'a') this.#addLink('link', attributes.get('href') ?? null, line);
    if (name === 'img') this.#addLink('image', attributes.get('src') ?? null, line);
  }

  /** The first definition of a label is the one that counts. */
  #readDefinition(token: Token, line: number): void {
    const label = labelOf(token);
    if (label === undefined || this.#defined.has(label)) return;
    this.#defined.add(label);
    this.#addLink('link', this.#notes.references[label]?.href ?? null, line);
  }

  #addHeading(text: string, line: number, level: number): void {
    const slug = this.#slugger.slug(text);
    this.headings.push({ level, text, slug, line });
    this.anchors.add(slug);
  }

  #addLink(kind: Link['kind'], target: string | null, line: number): void {
    if (target !== null) this.links.push({ kind, target, line });
  }

  #addPassage(kind: Passage['kind'], text: string, line: number, language = ''): void {
    this.passages.push({ kind, language, text, line });
  }

  #leaveUnread(line: number): void {
    this.unreadFrom ??= line;
  }

  #lineAt(index: number): number {
    return this.#linesBefore + index + 1;
  }
}

/** Without one of these there is nothing but text; a reference definition is no text at all. */
const hasMarkup = /[[`<\\&_]/;

let plain: MarkdownParser | undefined;
function plainParser(): MarkdownParser {
  return (plain ??= createMarkdownParser(false));
}

let emphasising: MarkdownParser | undefined;
function emphasisParser(): MarkdownParser {
  return (emphasising ??= createMarkdownParser(true));
}

function labelOf({ meta }: Token): string | undefined {
  return (meta as { readonly label?: string } | null)?.label;
}

function textOf(tokens: readonly Token[]): string {
  return tokens
    .map(({ type, content }) =>
      type === 'text' || type === 'text_special' || type === 'code_inline' ? content : '',
    )
    .join('');
}

function languageOf(info: string): string {
  return /^\s*([^\s{]+)/.exec(info)?.[1]?.toLowerCase() ?? '';
}

function isComment({ type, content }: Token): boolean {
  return type === 'html_inline' && content.startsWith('<!--');
}

/** The text with blanks where its comments are. */
function blankTokens(text: string, tokens: readonly Token[]): string {
  const kept: string[] = [];
  let end = 0;
  for (const token of tokens.filter(isComment)) {
    const start = token.map?.[0] ?? end;
    kept.push(text.slice(end, start), token.content.replaceAll(/[^\n]+/g, ' '));
    end = start + token.content.length;
  }
  return [...kept, text.slice(end)].join('');
}

function addressOf(token: Token, attribute: 'href' | 'src'): string | null {
  const address = token.attrGet(attribute);
  return address === null ? null : String(address);
}
