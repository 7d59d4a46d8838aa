import { expect, test } from 'vitest';

import {
  renderComparisonPage,
  renderPage,
  renderRunPage,
  section,
  table,
  html,
} from '../src/html/index.js';
import type { ComparisonPageView, RunPageView } from '../src/html/index.js';
import { expectSafePage, textOf } from './support/check-page.js';
import { sampleBench } from './support/sample-bench.js';
import { sampleComparison } from './support/sample-comparison.js';
import { sampleRun } from './support/sample-run.js';

const hostile = [
  '<img src=x onerror=alert(1)>',
  ']]></svg><script>alert(1)</script>',
  '"><a href="http://evil.example" onclick="x">',
  "' autofocus onfocus='x' &lt; & &#60;",
  'user\u202Egnp.exe\u2066\u200F\u0000\u001b[31m',
  'שלום عالم 漢字 😀',
  '%{}${1}`',
  '&"<>'.repeat(2500),
];

test('pages are whole, say what they hold, and are the same for the same input', () => {
  const pages = [
    () => renderRunPage(sampleRun()),
    () => renderComparisonPage(sampleComparison()),
    () => sampleBench(),
  ];
  for (const page of pages) {
    expectSafePage(page());
    expect(page()).toBe(page());
  }
});

test('the page of a run shows verdict, root cause, stages, verification and cost', () => {
  const text = textOf(renderRunPage(sampleRun()));
  for (const said of [
    "Stage 'Integration tests' failed with exit code 1.",
    'stage:integration:failed',
    'process 20138 on builder-3',
    '32.9 s (19 %)',
    '2 min 19 s of 2 min 52 s',
    'commands/06-integration.log',
    'the line does not follow from the one before',
    'Manifest writes',
  ]) {
    expect(text).toContain(said);
  }
});

test('headings, tables and drawings have what a screen reader needs', () => {
  for (const page of [renderRunPage(sampleRun()), renderComparisonPage(sampleComparison())]) {
    const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    expect(levels.every((level, index) => level <= (levels[index - 1] ?? 0) + 1)).toBe(true);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(count(page, /<table/g)).toBe(count(page, /<caption/g));
    expect(page).not.toMatch(/<th(?![^>]* scope="(?:col|row)")[\s>]/);
    expect(count(page, /role="img"/g)).toBe(count(page, /<desc/g));
    for (const [, ids] of page.matchAll(/aria-labelledby="([^"]*)"/g)) {
      for (const id of (ids ?? '').split(' ')) expect(page).toContain(`id="${id}"`);
    }
    expect(page).toMatch(/<html lang="en">/);
    expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'; img-src data:");
  }
});

test.each([...hostile.keys()])('no name gets out of its place on the page of a run: %i', (at) => {
  const name = hostile[at] ?? '';
  const page = renderRunPage(replaceText(sampleRun(), name));
  expectSafePage(page);
});

test.each([...hostile.keys()])(
  'no name gets out of its place on the page of a comparison: %i',
  (at) => {
    const name = hostile[at] ?? '';
    expectSafePage(renderComparisonPage(replaceText(sampleComparison(), name)));
  },
);

test('a thousand stages with long names fit, and the page says what it left out', () => {
  const run = sampleRun();
  const [first] = run.stages;
  if (!first) throw new Error('the sample has no stages');
  const stages = Array.from({ length: 1000 }, (_, index) => ({
    ...first,
    id: `stage-${index}-${'&'.repeat(300)}`,
    title: `Stage ${index} ${'漢&"'.repeat(3000)}`,
    needs: null,
  }));
  const earlier = Array.from({ length: 300 }, () => ({
    status: 'succeeded',
    durationMs: 5,
    stages: stages.map(({ id, status }) => ({ id, status, durationMs: 3 })),
  }));
  const page = renderRunPage({ ...run, stages, earlier });
  expectSafePage(page);
  const text = textOf(page);
  expect(text).toContain('940 of 1000 stages are left out');
  expect(text).toMatch(/977 more are left out/);
  expect(text).toMatch(/of 1000 rows are left out/);
});

test('thousands of runs and measures fit, and the page says what it left out', () => {
  const { comparison, ...view } = sampleComparison();
  const [metric] = comparison.metrics;
  if (!metric) throw new Error('the sample has no metrics');
  const values = Array.from({ length: 5000 }, (_, index) => 1000 + (index % 97));
  const metrics = Array.from({ length: 500 }, (_, index) => ({
    ...metric,
    name: `stage ${index} ${'<&>'.repeat(400)}`,
    before: { values, median: 1048 },
    after: { values, median: 1048 },
  }));
  const runIds = Array.from({ length: 5000 }, (_, index) => `run-${index}`);
  const before = { ...comparison.before, runIds };
  const page = renderComparisonPage({ ...view, comparison: { ...comparison, before, metrics } });
  expectSafePage(page);
  expect(textOf(page)).toMatch(/440 more rows are left out/);
  expect(textOf(page)).toMatch(/4960 more/);
});

test('sections that there is no room for are named in their places, the largest first', () => {
  const page = renderPage({
    title: 'Large',
    generatedAt: '2026-03-14T10:00:00.000Z',
    sections: [
      section('small', 'Small', 'kept'),
      section('large', 'Large', 'x '.repeat(120_000)),
      section('larger', 'Larger', 'y '.repeat(90_000)),
    ],
  });
  expectSafePage(page);
  expect(textOf(page)).toContain('kept');
  expect(textOf(page)).toContain('Left out: these 234 KB');
});

test('a run of which nothing is known still has a page', () => {
  const empty: RunPageView = {
    ...sampleRun(),
    status: 'in_progress',
    rootCause: null,
    statusDetail: null,
    exitCode: null,
    startedAt: '',
    endedAt: 'never',
    durationMs: null,
    summary: [],
    stages: [],
    earlier: [],
    facts: [],
    verification: null,
    cost: [],
  };
  const page = renderRunPage(empty);
  expectSafePage(page);
  expect(textOf(page)).toContain('No stage of the run was started');
});

test('a comparison that was not judged still has a page', () => {
  const { comparison, ...view } = sampleComparison();
  const metrics = comparison.metrics.map((metric) => ({
    ...metric,
    before: { values: [], median: null },
    ratio: null,
    interval: null,
    verdict: 'not-judged' as const,
  }));
  const page = renderComparisonPage({
    ...view,
    verification: [],
    comparison: { ...comparison, verdict: 'not-judged', metrics, rates: [] },
  });
  expectSafePage(page);
  expect(textOf(page)).toContain('not judged');
});

test('a table leaves out what is beyond its bytes', () => {
  const rows = Array.from({ length: 100 }, (_, index) => [`row ${index}`, 'x'.repeat(300)]);
  const columns = [{ header: 'Name' }, { header: 'Text' }];
  const markup = String(html`${table({ caption: 'Rows', columns, rows, maxBytes: 4000 })}`);
  expect(markup).toContain('row 9');
  expect(markup).not.toContain('row 11<');
  expect(markup).toMatch(/\d+ of 100 rows are left out/);
});

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

const kept = new Set(['unit', 'generatedAt', 'schema']);

/** The same view with one text in place of every other, times and ids among them. */
function replaceText<View extends ComparisonPageView | RunPageView>(
  view: View,
  text: string,
): View {
  const replaced = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return kept.has(key) ? value : text;
    if (Array.isArray(value)) return value.map((item) => replaced(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, replaced(member, name)]),
    );
  };
  return replaced(view, '') as View;
}
