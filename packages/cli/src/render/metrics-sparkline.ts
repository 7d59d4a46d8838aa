import type { Io } from '../io.js';
import type { Span } from './styled-line.js';

/** One run of a trend. */
export interface TrendPoint {
  readonly durationSeconds: number | null;
  readonly isSuccess: boolean;
}

/** What a trend is drawn with. */
export interface Bars {
  /** The lowest first. */
  readonly levels: readonly string[];
  /** In place of the bar of a run that did not succeed: how long it took says nothing. */
  readonly failure: string;
}

const blocks: Bars = { levels: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'], failure: '×' };
/** The same in ASCII, by how much ink a character has. */
const ink: Bars = { levels: ['.', ':', '-', '=', '+', '*', '#', '@'], failure: 'x' };

/**
 * A bar for each run, as high as it took long: the longest of those that succeeded has the full height.
 * A run without a duration is a gap.
 */
export function sparkline(points: readonly TrendPoint[], { levels, failure }: Bars): Span[] {
  const succeeded = points.filter(({ isSuccess }) => isSuccess);
  const longest = Math.max(...succeeded.map(({ durationSeconds }) => durationSeconds ?? 0));
  return points.map(({ durationSeconds, isSuccess }): Span => {
    if (!isSuccess) return { text: failure, style: 'red' };
    return durationSeconds === null ? ' ' : barOf(durationSeconds / longest, levels);
  });
}

/** @param share From 0 to 1; no number where all runs took no time. */
function barOf(share: number, levels: readonly string[]): string {
  const level = Number.isNaN(share) ? 0 : Math.ceil(share * levels.length) - 1;
  return levels[Math.min(levels.length - 1, Math.max(0, level))] ?? '';
}

/** What a terminal can show: ASCII where its locale or kind rules out anything else. */
export function barsFor(env: Io['env']): Bars {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((name) => name);
  const isNarrow = locale !== undefined && !/utf-?8/i.test(locale);
  const isPlain = env['TERM'] === 'dumb' || env['TERM'] === 'linux';
  return isNarrow || isPlain ? ink : blocks;
}
