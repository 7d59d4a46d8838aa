import type { BenchResults } from '../results/result.js';
import { renderBencherMetrics } from './bencher-metrics.js';
import { renderGoBenchmark } from './go-benchmark.js';
import type { ReportExtras } from './guard-facts.js';
import { renderHtml } from './html.js';
import { renderJunit } from './junit.js';
import { renderMarkdown } from './markdown.js';
import { renderSmallerIsBetter } from './smaller-is-better.js';
import { renderTable } from './table.js';

export const reportFormats = [
  'table',
  'markdown',
  'json',
  'smaller-is-better',
  'bmf',
  'go',
  'junit',
  'html',
] as const;
export type ReportFormat = (typeof reportFormats)[number];

export function isReportFormat(text: string): text is ReportFormat {
  return (reportFormats as readonly string[]).includes(text);
}

/** Results as text of a format. Notes of the history are in those that people read. */
export function renderResults(
  results: readonly BenchResults[],
  format: ReportFormat,
  extras: ReportExtras = {},
): string {
  switch (format) {
    case 'table':
      return renderTable(results, extras);
    case 'markdown':
      return renderMarkdown(results, extras);
    case 'json':
      return `${JSON.stringify({ results, trend: extras.trend ?? [] }, null, 2)}\n`;
    case 'smaller-is-better':
      return renderSmallerIsBetter(results);
    case 'bmf':
      return renderBencherMetrics(results);
    case 'go':
      return renderGoBenchmark(results);
    case 'junit':
      return renderJunit(results);
    case 'html':
      return renderHtml(results, extras);
  }
}
