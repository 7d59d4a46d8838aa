import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';

interface LegendEntry {
  /** Drawn within 24 by 16. */
  readonly sample: SafeHtml;
  readonly label: string;
}

/** What colours, shapes and patterns stand for, as text of the page. */
export function legend(entries: readonly (LegendEntry | false)[]): SafeHtml {
  const shown = entries.filter((entry) => entry !== false);
  const items = shown.map(
    ({ sample, label }) =>
      html`<li>
        <svg viewBox="0 0 24 16" width="24" height="16" aria-hidden="true">${sample}</svg>${label}
      </li>`,
  );
  return html`<ul class="legend">
    ${items}
  </ul>`;
}
