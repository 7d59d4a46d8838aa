import { shortText } from './plain-text.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import { verdictBadge, verdictLook } from './verdict-badge.js';

/** A verdict that is seen first, with sentences about it. */
export function verdictPanel(
  verdict: string,
  lines: readonly (string | null | undefined)[],
): SafeHtml {
  const shown = lines.filter((line): line is string => typeof line === 'string' && line !== '');
  return html`<div class="panel tone-${verdictLook(verdict).tone}">
    <p class="verdict">${verdictBadge(verdict)}</p>
    ${shown.map((line) => html`<p>${shortText(line, 600)}</p>`)}
  </div> `;
}
