import { chartStyle } from './style-chart.js';
import { colourStyle } from './style-colour.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import { paperStyle } from './style-paper.js';
import { partStyle } from './style-part.js';
import { textStyle } from './style-text.js';

/** How pages look: light and dark by the reader's choice, and on paper. */
export function pageStyle(): SafeHtml {
  return html`<style>
    ${[colourStyle, textStyle, partStyle, chartStyle, paperStyle]}
  </style>`;
}
