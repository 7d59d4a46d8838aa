import { expect, test } from 'vitest';

import { renderResults, reportFormats } from '../src/sinks/render-results.js';
import type { ReportFormat } from '../src/sinks/render-results.js';
import { hostileResults, hostileText } from './fixtures/bench-results.js';

const render = (format: ReportFormat): string =>
  renderResults([hostileResults], format, { trend: [hostileText] });

test.each(reportFormats)('hostile names leave no control character in %s', (format) => {
  // eslint-disable-next-line no-control-regex -- these are what must not get through
  expect(render(format)).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800]/);
});

test.each(['html', 'junit', 'markdown'] as const)('hostile names are no markup in %s', (format) => {
  // In Markdown, code shows what it holds.
  const text = format === 'markdown' ? render(format).replaceAll(/``.*?``/g, '') : render(format);
  expect(text).not.toMatch(/<(?:script|img)/);
});

test('hostile names add no row and no column to the table of the Markdown', () => {
  const rows = render('markdown')
    .split('\n')
    .filter((line) => line.startsWith('| '));
  expect(rows).toHaveLength(2 + hostileResults.guards.length);
  for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(7);
});

test('hostile names stay on their line of the Go format', () => {
  const known =
    /^(?:|Unit \S+ assume=exact|(?:goos|goarch|pkg|cpu|node|build): .*|Benchmark\S+\t1(?:\t\d+ \S+)+)$/;
  expect(
    render('go')
      .split('\n')
      .filter((line) => !known.test(line)),
  ).toEqual([]);
});

test('the XML of hostile names is well formed', () => {
  const open: string[] = [];
  const text = render('junit').replace(/^<\?xml[^>]*\?>\n/, '');
  const rest = text.replaceAll(
    /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g,
    (_, end: string, name: string, __, empty: string) => {
      if (end === '/') expect(open.pop()).toBe(name);
      else if (empty === '') open.push(name);
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|#\d+);)/);
});

test('hostile names are kept as they are where JSON is read by programs', () => {
  const points = JSON.parse(render('smaller-is-better')) as { name: string }[];
  expect(points[0]?.name).toContain('</script>');
  expect(Object.keys(JSON.parse(render('bmf')) as object)).toHaveLength(1);
});
