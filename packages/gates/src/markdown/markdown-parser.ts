import Parser from 'markdown-it';
import type { Env, MarkdownIt, StateBlock, StateInline, Token } from 'markdown-it';

/** Deeper than anybody nests quotes, lists or brackets, and far from the end of the stack. */
export const maxNesting = 100;

/** What one document leaves behind while it is parsed. */
export interface ParserNotes extends Env {
  references: Record<string, { title: string; href: string }>;
  /** Of the text that is being parsed. */
  undefinedReferences: FoundReference[];
  /** Whether brackets of the text that is being parsed were nested too deep to be read. */
  isTooDeep: boolean;
}

export interface FoundReference {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** A parser whose inline tokens know where they begin. */
export interface MarkdownParser {
  /** @returns The blocks, with `reference_definition` ones, and no inline tokens yet. */
  parseBlocks(text: string, notes: ParserNotes): Token[];
  /** @returns Tokens whose `map` is twice the position in the text at which they were found. */
  parseInline(text: string, notes: ParserNotes): Token[];
}

const rules = [
  ...['table', 'code', 'fence', 'blockquote', 'hr', 'list', 'reference', 'html_block'],
  ...['heading', 'lheading', 'newline', 'escape', 'backticks', 'link', 'image', 'autolink'],
  ...['html_inline', 'entity'],
];

/** @param emphasis Whether it knows emphasis, which takes time and matters to the text of a heading alone. */
export function createMarkdownParser(emphasis: boolean): MarkdownParser {
  const markdown = new Parser('zero', { html: true, maxNesting });
  markdown.enable(emphasis ? [...rules, 'emphasis'] : rules);
  // A target is wanted as it stands there, and what is dangerous to render is none the less a link.
  markdown.normalizeLink = (url) => url;
  markdown.normalizeLinkText = (url) => url;
  markdown.validateLink = () => true;
  lightenBlocks(markdown);
  markPositions(markdown);
  markDepth(markdown);
  markdown.inline.ruler.after('image', 'undefined_reference', noteUndefinedReference);
  return {
    parseBlocks: (text, notes) => {
      const tokens: Token[] = [];
      markdown.block.parse(text, markdown, notes, tokens);
      return tokens;
    },
    parseInline: (text, notes) => {
      const tokens: Token[] = [];
      markdown.inline.parse(text, markdown, notes, tokens);
      return tokens;
    },
  };
}

/**
 * The parser defines the members of each token one by one, the largest item in a profile of reading many
 * documents. Rules of blocks set members only. Cells, and what ends a part of a table, nobody asks for.
 */
function lightenBlocks({ block }: MarkdownIt): void {
  block.State = class extends block.State {
    override push(...[type, tag, nesting]: Parameters<StateBlock['push']>): Token {
      if (nesting < 0) this.level--;
      const token = lightToken({ type, tag, nesting, level: this.level });
      if (nesting > 0) this.level++;
      if (!unasked.has(type)) this.tokens.push(token);
      return token;
    }
  };
}

const unasked = new Set([
  ...['th_open', 'th_close', 'td_open', 'td_close', 'tr_close'],
  ...['thead_open', 'thead_close', 'tbody_open', 'tbody_close', 'table_close'],
]);

function lightToken(of: Pick<Token, 'level' | 'nesting' | 'tag' | 'type'>): Token {
  const members: Omit<Token, `attr${'Get' | 'Index' | 'Join' | 'Push' | 'Set'}`> = {
    type: of.type,
    tag: of.tag,
    nesting: of.nesting,
    level: of.level,
    attrs: null,
    map: null,
    children: null,
    content: '',
    markup: '',
    info: '',
    meta: null,
    block: true,
    hidden: false,
  };
  return members as Token;
}

/** Each rule pushes its token before it moves on from where it found it. */
function markPositions({ inline }: MarkdownIt): void {
  inline.State = class extends inline.State {
    override push(...of: Parameters<StateInline['push']>): Token {
      const token = super.push(...of);
      token.map = [this.pos, this.pos];
      return token;
    }
  };
}

/** Beyond the limit the parser takes all that follows for text, without a word. */
function markDepth({ inline }: MarkdownIt): void {
  const skipToken = inline.skipToken.bind(inline);
  inline.skipToken = (state) => {
    if (state.level >= maxNesting) (state.env as ParserNotes).isTooDeep = true;
    skipToken(state);
  };
}

/**
 * Where neither a link nor an image was found, two pairs of brackets meant a reference, unless they are a
 * footnote or index something. They stay text: the rule never matches.
 */
function noteUndefinedReference(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state;
  if (silent || src[pos] !== '[' || /[\w\])]/.test(src[pos - 1] ?? '')) return false;
  const { parseLinkLabel } = state.md.helpers;
  const textEnd = parseLinkLabel(state, pos, true);
  if (textEnd < 0 || src[textEnd + 1] !== '[') return false;
  const end = parseLinkLabel(state, textEnd + 1, true);
  const label = end < 0 ? '' : src.slice(textEnd + 2, end);
  const isMeant = label.trim() !== '' && !label.startsWith('^') && textEnd > pos + 1;
  if (isMeant) {
    (state.env as ParserNotes).undefinedReferences.push({ start: pos, end: end + 1, label });
  }
  return false;
}
