import { formatBytes, formatTime } from './format-quantity.js';
import { safeId } from './chart.js';
import { shortText } from './plain-text.js';
import { SafeHtml, html, htmlBytes } from './safe-html.js';
import type { HtmlValue } from './safe-html.js';
import { sprite } from './sprite.js';
import { pageStyle } from './style.js';

/** A part of a page with a heading of its own. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: SafeHtml;
}

export interface PageOptions {
  readonly title: string;
  /** A few words above the title: what kind of page it is. */
  readonly kind?: string | undefined;
  /** Below the title. */
  readonly subtitle?: string | undefined;
  /** As in `<html lang>`. @default 'en' */
  readonly language?: string | undefined;
  readonly sections: readonly Section[];
  /** An instant in ISO 8601: what was rendered when shows, and the same input gives the same bytes. */
  readonly generatedAt: string;
  /** @default nothing */
  readonly footer?: HtmlValue;
  /** Of the whole page, in UTF-8. @default 200_000 */
  readonly maxBytes?: number | undefined;
}

const defaultMaxBytes = 200_000;
/** For what is said in place of sections that were left out. */
const bytesPerNote = 400;
const maxSections = 80;

/** A section; the id is what links within the page lead to, and is once on a page. */
export function section(id: string, title: string, content: HtmlValue): Section {
  return { id: safeId(id), title: shortText(title, 120), content: html`${content}` };
}

/**
 * A page that needs nothing besides itself: no script, no network, no font. It has fewer bytes than
 * `maxBytes`: the largest sections are left out until it has, and the page says which.
 */
export function renderPage(options: PageOptions): string {
  const { maxBytes = defaultMaxBytes } = options;
  const sections = options.sections.slice(0, maxSections);
  const more = options.sections.length - sections.length;
  if (more > 0)
    sections.push(section('left-out', 'Left out', `${more} more sections are left out.`));
  const sizes = sections.map(({ content }) => htmlBytes(content));
  const frame = htmlBytes(document(options, []));
  const total = (): number => frame + sizes.reduce((sum, size) => sum + size + bytesPerNote, 0);
  while (total() >= maxBytes) {
    const largest = sizes.indexOf(Math.max(...sizes));
    const left = sections[largest];
    const size = sizes[largest] ?? 0;
    if (!left || size === 0) break;
    sections[largest] = { ...left, content: leftOut(size, maxBytes) };
    sizes[largest] = 0;
  }
  return SafeHtml.markupOf(document(options, sections));
}

function leftOut(size: number, maxBytes: number): SafeHtml {
  return html`<p class="note">
    Left out: these ${formatBytes(size)} would make the page larger than ${formatBytes(maxBytes)}.
  </p>`;
}

function document(options: PageOptions, sections: readonly Section[]): SafeHtml {
  const title = shortText(options.title, 160);
  return html`<!doctype html>
    <html lang="${languageOf(options.language)}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        ${pageStyle()}
      </head>
      <body>
        ${sprite()}
        <header>
          ${options.kind !== undefined && html`<p class="kind">${shortText(options.kind, 80)}</p>`}
          <h1>${title}</h1>
          ${options.subtitle !== undefined && html`<p class="subtitle">${shortText(options.subtitle, 300)}</p>`}
          ${navigation(sections)}
        </header>
        <main>${sections.map(sectionHtml)}</main>
        <footer>
          ${options.footer}
          <p>Generated ${formatTime(options.generatedAt)}.</p>
        </footer>
      </body>
    </html> `;
}

function navigation(sections: readonly Section[]): SafeHtml | undefined {
  if (sections.length < 3) return undefined;
  const links = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  return html`<nav aria-label="Sections of this page">
    <ul>
      ${links}
    </ul>
  </nav>`;
}

function sectionHtml({ id, title, content }: Section): SafeHtml {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
    <h2 id="${id}-heading">${title}</h2>
    ${content}
  </section> `;
}

function languageOf(language = 'en'): string {
  return /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(language) ? language : 'en';
}
