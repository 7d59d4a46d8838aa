import { escape } from 'html-escaper';

import { plainText } from './plain-text.js';

/** What may stand between the parts of a template: text is escaped, `SafeHtml` is taken as it is. */
export type HtmlValue =
  SafeHtml | string | number | false | null | undefined | readonly HtmlValue[];

/** Markup in which every text from outside is escaped. Only `html` makes it. */
export class SafeHtml {
  readonly #markup: string;

  private constructor(markup: string) {
    this.#markup = markup;
  }

  /** The template's own parts are trusted, what is put between them is not. */
  static fromTemplate(parts: readonly string[], values: readonly HtmlValue[]): SafeHtml {
    let markup = unindented(parts[0] ?? '');
    for (const [index, value] of values.entries()) {
      if (/=\s*$/.test(parts[index] ?? '')) {
        throw new Error('Internal error: a value of an attribute stands without quotes');
      }
      markup += rendered(value) + unindented(parts[index + 1] ?? '');
    }
    return new SafeHtml(markup);
  }

  static markupOf(html: SafeHtml): string {
    return html.#markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/**
 * Markup from a template. Every string is cleaned of control characters and of what turns the direction of
 * writing, and escaped for text and for attributes in quotes; `false`, `null` and `undefined` are nothing;
 * lists are put one after the other.
 *
 * @throws Error where a value would stand as an attribute without quotes.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): SafeHtml {
  return SafeHtml.fromTemplate(parts, values);
}

/** A style sheet, into which nothing can be put. */
export function css(parts: TemplateStringsArray): SafeHtml {
  return SafeHtml.fromTemplate(parts, []);
}

/** The UTF-8 bytes of markup. */
export function htmlBytes(markup: SafeHtml): number {
  return Buffer.byteLength(SafeHtml.markupOf(markup));
}

/** The source's indentation says nothing to a browser, and is a third of a page. */
function unindented(part: string): string {
  return part.includes('\n') ? part.replace(/\s*\n\s*/g, '\n') : part;
}

function rendered(value: HtmlValue): string {
  if (value instanceof SafeHtml) return SafeHtml.markupOf(value);
  if (typeof value === 'string') return escape(plainText(value));
  if (typeof value === 'number') return escape(String(value));
  if (value === null || value === undefined || value === false) return '';
  return value.map(rendered).join('');
}
