import { chunksOf } from './chunks.js';
import type { Part } from './chunks.js';
import { compactHistoryLine, historyLine } from './history-line.js';
import type { HistoryLineOptions } from './history-line.js';
import { hostileHistoryLine } from './hostile-history-line.js';

export interface HistoryChunksOptions extends HistoryLineOptions {
  readonly lines: number;
  /** `lines`: as `historyLine` makes them. @default 'lines' */
  readonly kind?: 'lines' | 'compact' | 'hostile';
}

/** A `metrics.json` in chunks of about a MiB. A hostile one ends in the middle of a line. */
export function historyChunks(options: HistoryChunksOptions): Generator<Buffer, void, void> {
  return chunksOf(partsOf(options));
}

function* partsOf(options: HistoryChunksOptions): Generator<Part, void, void> {
  const { lines, kind = 'lines', seed = 1 } = options;
  for (let index = 0; index < lines; index += 1) {
    if (kind === 'compact') yield `${compactHistoryLine(index, seed)}\n`;
    else if (kind === 'hostile') yield hostileHistoryLine(index, options);
    else yield `${historyLine(index, options)}\n`;
  }
  if (kind === 'hostile') yield historyLine(lines, options).slice(0, 700);
}
