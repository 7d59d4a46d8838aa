import { html } from './safe-html.js';
import type { HtmlValue, SafeHtml } from './safe-html.js';
import { shortText } from './plain-text.js';

/** A name with what stands for it; a fact without a value is not shown. */
export interface Fact {
  readonly name: string;
  readonly value: HtmlValue;
  /** Digests, ids and paths: in letters of one width. */
  readonly isCode?: boolean;
}

/** Names and values beside each other. */
export function factList(facts: readonly Fact[]): SafeHtml {
  const items = facts
    .filter(({ value }) => value !== null && value !== undefined && value !== false && value !== '')
    .map(({ name, value, isCode }) => {
      const shown = typeof value === 'string' ? shortText(value, 300) : value;
      const isLong = isCode === true && typeof value === 'string' && value.length > 40;
      return html`<div${isLong && html` class="long"`}>
        <dt>${shortText(name, 80)}</dt><dd${isCode === true && html` class="code"`}>${shown}</dd></div>`;
    });
  return html`<dl class="facts">${items}</dl> `;
}

/** Sentences, one below the other; more than so many are left out, and the last line says so. */
export function sentences(lines: readonly string[], most = 30): SafeHtml | undefined {
  if (lines.length === 0) return undefined;
  const items = lines.slice(0, most).map((line) => html`<li>${shortText(line, 500)}</li>`);
  const more = lines.length - most;
  return html`<ul class="sentences">
    ${items}${more > 0 && html`<li>${more} more are left out.</li>`}
  </ul> `;
}
