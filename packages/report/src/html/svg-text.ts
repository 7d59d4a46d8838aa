import { pixels } from './chart.js';
import { shortPath, shortText } from './plain-text.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';

interface SvgTextOptions {
  readonly x: number;
  /** Of the base line. */
  readonly y: number;
  /** @default 'start' */
  readonly anchor?: 'end' | 'middle' | 'start';
  /** @default 'label' */
  readonly className?: string;
  /** What does not fit is left out in the middle. */
  readonly maxWidth?: number;
  /** @default 13 */
  readonly fontSize?: number;
}

/** A line of text in a drawing. */
export function svgText(text: string, options: SvgTextOptions): SafeHtml {
  const { x, y, anchor = 'start', className = 'label', maxWidth, fontSize = 13 } = options;
  const shown = maxWidth === undefined ? shortText(text, 200) : fitText(text, maxWidth, fontSize);
  const side = anchor === 'start' ? '' : ` ${anchor}`;
  return html`<text class="${className}${side}" x="${pixels(x)}" y="${pixels(y)}">${shown}</text>`;
}

/** As much of a text as fits, judged without the font: a little less than would. */
export function fitText(text: string, maxWidth: number, fontSize: number): string {
  const plain = shortPath(text, 200);
  let most = Math.max(1, Math.min(200, Math.floor(maxWidth / (fontSize * 0.3))));
  let shown = shortPath(plain, most);
  while (most > 1 && textWidth(shown, fontSize) > maxWidth) {
    most = Math.min(most, Array.from(shown).length) - 1;
    shown = shortPath(plain, most);
  }
  return shown;
}

/** How wide a text is about, rather too wide than too narrow. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width * fontSize;
}

function characterWidth(character: string): number {
  if (/[ilj.,:;'|!]/.test(character)) return 0.34;
  if (/[a-z0-9 \-_()/]/.test(character)) return 0.57;
  if (/[mwMW@%—…]/.test(character)) return 0.95;
  return (character.codePointAt(0) ?? 0) < 0x500 ? 0.7 : 1.1;
}
