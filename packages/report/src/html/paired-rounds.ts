import {
  symbol,
  symbolCircle,
  symbolDiamond,
  symbolSquare,
  symbolTriangle,
  symbolWye,
} from 'd3-shape';

import { labelRoom, leftAxis } from './axis.js';
import { chart, pixels } from './chart.js';
import type { Canvas, ChartOptions, Drawing } from './chart.js';
import { formatRatio } from './format-quantity.js';
import { legend } from './legend.js';
import { middleOf } from './middle-of.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import { linearScale, logScale, ratioDomain, ratioTicks } from './scales.js';
import { svgText } from './svg-text.js';

/** What one round of a paired measurement gave. */
export interface RoundRatio {
  readonly process: number;
  /** After to before. */
  readonly ratio: number;
}

export interface PairedRoundsOptions extends ChartOptions {
  /** In the order of time. More than 360 are thinned out evenly, and the note says so. */
  readonly rounds: readonly RoundRatio[];
  /** Share around ×1 that counts as no difference, such as 0.1. */
  readonly margin: number;
}

const maxRounds = 360;
const shapes = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolWye];

/** The ratio of each round in the order of time, with a colour and a shape per process. */
export function pairedRounds({ rounds, margin, note, ...options }: PairedRoundsOptions): SafeHtml {
  const step = Math.ceil(rounds.length / maxRounds);
  const shown = rounds.filter((_, index) => index % Math.max(1, step) === 0);
  const processes = [...new Set(shown.map(({ process }) => process))];
  const median = middleOf(rounds.map(({ ratio }) => ratio));
  const thinned = step > 1 && `Of ${rounds.length} rounds every ${step}th is drawn.`;
  return chart({
    ...options,
    note: [note, thinned].filter((text) => text).join(' ') || undefined,
    description: `${rounds.length} rounds in ${processes.length} processes, median ${median === undefined ? 'unknown' : formatRatio(median)}.`,
    legend: legend([
      ...processes.slice(0, 12).map((process, index) => ({
        sample: html`<path
          class="series series-${index % 5}"
          d="${shapeOf(index)}"
          transform="translate(12 8)"
        />`,
        label: `process ${process}`,
      })),
      { sample: html`<path class="median-line" d="M1 8h22" />`, label: 'median' },
    ]),
    draw: (canvas) => drawRounds(shown, { canvas, margin, processes, median }),
  });
}

interface RoundsFrame {
  readonly canvas: Canvas;
  readonly margin: number;
  readonly processes: readonly number[];
  readonly median: number | undefined;
}

function drawRounds(rounds: readonly RoundRatio[], frame: RoundsFrame): Drawing {
  const { canvas, margin, processes, median } = frame;
  const { width, fontSize, isNarrow } = canvas;
  const [top, bottom] = [10, isNarrow ? 210 : 260];
  const domain = ratioDomain([...rounds.map(({ ratio }) => ratio), 1 + margin * 1.3]);
  const y = logScale(domain, [bottom, top]);
  const ticks = ratioTicks(domain, 7);
  const left = labelRoom(ticks, fontSize);
  const x = linearScale([0, Math.max(1, rounds.length - 1)], [left + 10, width - 16]);
  const marks = rounds.map(({ process, ratio }, index) => {
    const place = processes.indexOf(process);
    return html`<path
      class="series series-${place % 5}"
      d="${shapeOf(place)}"
      transform="translate(${pixels(x(index))} ${pixels(y(ratio))})"
    />`;
  });
  const [high, low] = [y(1 + margin), y(1 / (1 + margin))].map(pixels);
  return {
    height: bottom + fontSize + 14,
    body: html`<rect
        class="band"
        x="${left}"
        y="${high}"
        width="${pixels(width - left - 6)}"
        height="${pixels((low ?? 0) - (high ?? 0))}"
      />${leftAxis({ scale: y, ticks, from: left, to: width - 6, fontSize })}<path
        class="one"
        d="M${left} ${pixels(y(1))}H${width - 6}"
      />${median !== undefined && html`<path class="median-line" d="M${left} ${pixels(y(median))}H${width - 6}" />`}${marks}${svgText('rounds in the order of time →', { x: width - 6, y: bottom + fontSize + 8, anchor: 'end', className: 'tick', fontSize })}`,
  };
}

function shapeOf(index: number): string {
  return symbol(shapes[index % shapes.length], 44).digits(1)() ?? '';
}
