import { shortText } from './plain-text.js';
import { html } from './safe-html.js';
import type { HtmlValue, SafeHtml } from './safe-html.js';

/** What every chart is given. */
export interface ChartOptions {
  /** Of the chart, once per page: letters, digits and `-`; other characters become `-`. */
  readonly id: string;
  /** What is shown, above the chart. */
  readonly title: string;
  /** A sentence below the chart: how to read it. */
  readonly note?: string | undefined;
}

/** A chart is drawn twice, for narrow and for wide pages, as scaled text is readable on neither. */
export interface Canvas {
  readonly width: number;
  readonly isNarrow: boolean;
  /** Pixels of the drawing's own scale. */
  readonly fontSize: number;
}

export interface Drawing {
  readonly height: number;
  readonly body: HtmlValue;
}

interface ChartParts extends ChartOptions {
  /** What the chart shows, in words, for those who do not see it. */
  readonly description: string;
  /** What the colours and shapes stand for, below the title. */
  readonly legend?: HtmlValue;
  readonly draw: (canvas: Canvas) => Drawing;
}

const canvases: readonly Canvas[] = [
  { width: 860, isNarrow: false, fontSize: 13 },
  { width: 330, isNarrow: true, fontSize: 12 },
];

/** A chart as a figure with a caption, scaled to the page, the same for the same input. */
export function chart({ id, title, note, description, legend, draw }: ChartParts): SafeHtml {
  const svgs = canvases.map((canvas) => {
    const name = `${safeId(id)}-${canvas.isNarrow ? 'narrow' : 'wide'}`;
    return svg({ name, title, description, canvas, drawing: draw(canvas) });
  });
  return html`<figure class="chart">
    <figcaption>${shortText(title, 160)}</figcaption>
    ${legend} ${svgs}${note !== undefined && html`<p class="note">${shortText(note, 600)}</p>`}
  </figure> `;
}

/** An id that fits into markup and into references. */
export function safeId(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9-]+/g, '-').slice(0, 60) || 'chart';
}

/** A length or place in a drawing, to a tenth of a pixel. */
export function pixels(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 10) / 10 + 0 : 0;
}

interface SvgParts {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly canvas: Canvas;
  readonly drawing: Drawing;
}

function svg({ name, title, description, canvas, drawing }: SvgParts): SafeHtml {
  const kind = canvas.isNarrow ? 'narrow' : 'wide';
  return html`<svg
    class="${kind}"
    viewBox="0 0 ${canvas.width} ${Math.ceil(drawing.height)}"
    role="img"
    aria-labelledby="${name}-title ${name}-desc"
  >
    <title id="${name}-title">${shortText(title, 160)}</title>
    <desc id="${name}-desc">${shortText(description, 1000)}</desc>
    ${drawing.body}
  </svg> `;
}
