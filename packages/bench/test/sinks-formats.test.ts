import { expect, test } from 'vitest';

import { renderResults, reportFormats } from '../src/sinks/render-results.js';
import { exactResults, timeResults } from './fixtures/bench-results.js';

const both = [exactResults, timeResults];
const trend = ['core/scan: writes is 3, above 1 ± 0 of the 9 results before'];

test.each(reportFormats.filter((format) => format !== 'html' && format !== 'json'))(
  'results as %s are these',
  (format) => {
    expect(renderResults(both, format, { trend })).toMatchSnapshot();
  },
);

test('results as json are one value with every sample', () => {
  expect(JSON.parse(renderResults(both, 'json', { trend }))).toEqual({ results: both, trend });
});

test('the page has a chart of ratios, of rounds, of growth and of memory, and no script', () => {
  const page = renderResults(both, 'html', { trend });
  for (const text of ['id="ratios"', 'Rounds of core/append-lines', 'Growth of core/scan']) {
    expect(page).toContain(text);
  }
  expect(page).toContain('Memory of core/huge-line');
  expect(page).toContain('null copy');
  expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
});

test('the same results are the same page', () => {
  expect(renderResults(both, 'html')).toBe(renderResults(both, 'html'));
});

test('the go format has a line per call of each build and says which units are exact', () => {
  const lines = renderResults(both, 'go').split('\n');
  expect(lines).toContain('Unit writes assume=exact');
  const calls = lines.filter((line) => line.startsWith('BenchmarkCore/append-lines-2\t1\t'));
  expect(calls).toHaveLength(8);
  expect(lines.filter((line) => line.startsWith('build: '))).toEqual([
    'build: candidate',
    'build: base',
    'build: candidate',
  ]);
});
