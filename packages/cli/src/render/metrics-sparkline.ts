import type { Io } from '../io.js';
import type { Span } from './styled-line.js';

/** One run of a trend. */
export interface TrendPoint {
  readonly durationSeconds: number | null;
  readonly isSuccess: boolean;
}

const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** The same in ASCII, by how much ink a character has. */
const ink = ['.', ':', '-', '=', '+', '*', '#', '@'] as const;

/**
 * A bar for each run, as high as it took long: the longest of them has the full height, nothing has
 * none. A run that did not succeed is red, one without a duration a gap.
 */
export function sparkline(points: readonly TrendPoint[], bars: readonly string[]): Span[] {
  const longest = Math.max(...points.map(({ durationSeconds }) => durationSeconds ?? 0));
  return points.map(({ durationSeconds, isSuccess }): Span => {
    const text = durationSeconds === null ? ' ' : barOf(durationSeconds / longest, bars);
    return isSuccess ? text : { text, style: 'red' };
  });
}

/** @param share From 0 to 1; no number where all runs took no time. */
function barOf(share: number, bars: readonly string[]): string {
  const level = Number.isNaN(share) ? 0 : Math.ceil(share * bars.length) - 1;
  return bars[Math.min(bars.length - 1, Math.max(0, level))] ?? '';
}

/** The bars that a terminal shows: ASCII where its locale or kind rules out anything else. */
export function barsFor(env: Io['env']): readonly string[] {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((name) => name);
  const isNarrow = locale !== undefined && !/utf-?8/i.test(locale);
  const isPlain = env['TERM'] === 'dumb' || env['TERM'] === 'linux';
  return isNarrow || isPlain ? ink : blocks;
}
