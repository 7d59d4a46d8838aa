import { describe, expect, test } from 'vitest';

import type { Finding, Findings } from '../../src/findings/findings.js';
import { lessonOfFinding } from '../../src/findings/lesson-of-finding.js';
import { mergeFindings } from '../../src/findings/merge-findings.js';
import { renderFindings } from '../../src/findings/render-findings.js';
import { wantsFindings } from '../../src/findings/wants-findings.js';
import { sampleFinding } from './sample-finding.js';

const at = { goal: 'faster', generatedAt: '2030-01-01T00:00:00.000Z' };
const report = (...findings: Finding[]): Findings => ({
  version: 1,
  goal: null,
  generated_at: null,
  findings,
});

describe('merging', () => {
  test('keeps each hotspot once, with the evidence and the fixes of all reports', () => {
    const fix = { title: 'Use a pool', description: '', files: [], tests: [] };
    const later = sampleFinding({
      id: 'other-id',
      title: 'Scanned twice',
      hotspot: { file: 'src/parse.ts', symbol: 'parse(text)' },
      evidence: ['measured again'],
      candidate_fixes: [fix],
    });
    const other = sampleFinding({ hotspot: { file: 'src/b.ts' } });
    const merged = mergeFindings([report(sampleFinding(), other), report(later)], at);
    expect(merged).toMatchObject({ version: 1, goal: 'faster', generated_at: at.generatedAt });
    expect(merged.findings.map(({ id }) => id)).toEqual(['slow-loop', 'slow-loop-2']);
    expect(merged.findings[0]).toEqual({
      ...sampleFinding(),
      title: 'Scanned twice',
      hotspot: { file: 'src/parse.ts', symbol: 'parse(text)', lines: '10-42' },
      evidence: ['measured again', ...sampleFinding().evidence],
      candidate_fixes: [fix, ...sampleFinding().candidate_fixes],
    });
  });

  test('of the same report twice is the report', () => {
    const one = report(
      sampleFinding(),
      sampleFinding({ id: 'b', hotspot: { file: 'b', lines: '1' } }),
    );
    expect(mergeFindings([one, one], at).findings).toEqual(one.findings);
    expect(mergeFindings([], at).findings).toEqual([]);
  });

  test('tells different lines and titles of a file apart', () => {
    const places = [{ lines: '1-2' }, { lines: '3-4' }, {}, { symbol: 'a' }, { symbol: 'b' }];
    const findings = places.map((place) => sampleFinding({ hotspot: { file: 'a', ...place } }));
    expect(mergeFindings([report(...findings)], at).findings).toHaveLength(5);
  });
});

test('a page shows all there is', () => {
  const page = renderFindings(mergeFindings([report(sampleFinding())], at));
  expect(page).toMatchInlineSnapshot(`
    "# Findings

    Goal: faster

    Reported: 2030\\-01\\-01T00\\:00\\:00\\.000Z

    ## 1. The parser scans every line twice

    - Id: slow\\-loop
    - Hotspot: src/parse\\.ts, lines 10\\-42, parse
    - Impact: every run

    ### Evidence

    - 340 ms of 400 ms in parse \\(node \\-\\-cpu\\-prof\\)

    ### Candidate fixes

    - **Scan once**
      Keep the offset between lines\\.
      - Files: src/parse\\.ts
      - Tests: test/parse\\.test\\.ts
      - Risk: torn lines
    "
  `);
});

test('a page shows every text as itself', () => {
  const hostile =
    '</td><script>alert(1)</script>\n# big\n[x](http://e) @somebody `a` *b* | ![i](j)';
  const page = renderFindings({
    ...report(
      sampleFinding({
        title: hostile,
        evidence: [hostile],
        impact: hostile,
        hotspot: { file: hostile, symbol: hostile },
        candidate_fixes: [
          {
            title: hostile,
            description: hostile,
            files: [hostile],
            tests: [hostile],
            risk: hostile,
          },
        ],
      }),
    ),
    goal: hostile,
  });
  expect(page).not.toContain('<script');
  expect(page).not.toContain('@somebody');
  expect(page).not.toMatch(/^# big/m);
  expect(page).not.toMatch(/(?<!\\)\[x/);
  expect(page).not.toMatch(/(?<!\\)`a/);
});

test('a page without findings says so', () => {
  expect(renderFindings(report())).toBe('# Findings\n\nNo hotspot was reported.\n');
});

test('a lesson has at most 32 words', () => {
  expect(lessonOfFinding(sampleFinding())).toBe(
    'Hotspot in src/parse.ts (parse): The parser scans every line twice; candidate fix: Scan once',
  );
  const long = sampleFinding({ title: 'word '.repeat(90), candidate_fixes: [] });
  for (const finding of [long, { ...long, candidate_fixes: sampleFinding().candidate_fixes }]) {
    const lesson = lessonOfFinding(finding);
    expect(lesson.split(/\s+/).length).toBeLessThanOrEqual(32);
    expect(lesson).toContain('src/parse.ts');
  }
  expect(lessonOfFinding({ ...long, candidate_fixes: sampleFinding().candidate_fixes })).toContain(
    'candidate fix: Scan once',
  );
});

test.each([
  ['Find the performance hotspots of the parser', true],
  ['why is the build slow?', true],
  ['Optimise the scanner', true],
  ['optimizing memory of the index', true],
  ['reduce p99 latency', true],
  ['Profile the start and make it faster', true],
  ['speed up CI', true],
  ['lower CPU use', true],
  ['fix the failing tests', false],
  ['add a user profile page', false],
  ['support the in-memory store', false],
  ['make breakfast', false],
  ['allow fast-forward merges', false],
  ['show the slowest', false],
])('%j wants findings: %s', (goal, wanted) => {
  expect(wantsFindings(goal)).toBe(wanted);
});
