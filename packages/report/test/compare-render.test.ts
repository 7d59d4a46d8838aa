import { expect, test } from 'vitest';

import { compareSamples, renderComparisonMarkdown, renderComparisonText } from '../src/index.js';
import type { RunSample } from '../src/index.js';
import { machine, sample } from './compare-rig.js';

function runs(durations: readonly number[], changes: Partial<RunSample> = {}): RunSample[] {
  return durations.map((durationMs, at) =>
    sample({
      durationMs,
      startedAt: new Date(Date.UTC(2026, 0, 31, 10, at)).toISOString(),
      stages: [{ id: 'build', status: 'succeeded', durationMs: durationMs / 2, attempts: 1 }],
      ...changes,
    }),
  );
}

test('a comparison is a table with reasons for a terminal', () => {
  const comparison = compareSamples(
    runs([1000, 1010, 1020, 1030, 1040, 1050]),
    [...runs([1200, 1210, 1220, 1230, 1240]), ...runs([1], { status: 'failed' })],
    { beforeLabel: 'tag=before', afterLabel: 'tag=after' },
  );
  expect(renderComparisonText(comparison)).toMatchInlineSnapshot(`
    "regressed: worse than before: duration, stage build

    before: 6 runs (tag=before); 6 measured; begun 2026-01-31T10:00:00.000Z to 2026-01-31T10:05:00.000Z.
    after:  6 runs (tag=after); 5 measured; left out: 1 failed; begun 2026-01-31T10:00:00.000Z to 2026-01-31T10:04:00.000Z.

    metric               before        after        ratio                        verdict
    duration             1.025 s (6)   1.220 s (5)  1.190 [1.163, 1.218]         regressed
    stage build          512.5 ms (6)  610 ms (5)   1.190 [1.163, 1.218]         regressed
    manifest writes      5 (6)         5 (5)        1.000 exact                  unchanged
    manifest bytes       20480 B (6)   20480 B (5)  1.000 exact                  unchanged
    journal lines        12 (6)        12 (5)       1.000 exact                  unchanged
    fsyncs               9 (6)         9 (5)        1.000 exact                  unchanged
    runs that succeeded  6 of 6        5 of 6       -16.7 [-56.4, +24.7] points  undecided
    runs with retries    0 of 6        0 of 6       0.0 [-39.0, +39.0] points    undecided

    duration, regressed: the ratio is between 1.163 and 1.218, above 1.050; rank-sum p 0.0043.
    stage build, regressed: the ratio is between 1.163 and 1.218, above 1.050; rank-sum p 0.0043.
    runs that succeeded, undecided: the difference is between -56.4 and 24.7 points, which leaves both open.
    runs with retries, undecided: the difference is between -39.0 and 39.0 points, which leaves both open.
    Runs that did not succeed, which count in the rates alone: 1.

    machine before: 6 runs: 0123456789ab, Example 3000, 2 processors, 8192 MB, linux x64, Node 24.1.0
    machine after:  5 runs: 0123456789ab, Example 3000, 2 processors, 8192 MB, linux x64, Node 24.1.0

    Ratio: median after over median before; interval: bootstrap of the ratio of medians, 4000 resamples, 95 %, seed 1.
    Regressed: all of the interval is above 1.050; improved: below 0.952; unchanged: within 0.909 and 1.100; else undecided. At least 5 succeeded runs of each side, all of one machine.
    Exact: a count that is the same in every run of a side, of at least three.
    Rates: difference of shares over all runs that ended, in points, with Newcombe's interval, 95 %.
    "
  `);
});

test('a comparison is markdown for a plan', () => {
  const comparison = compareSamples(
    runs([1000, 1010, 1020, 1030, 1040, 1050]),
    runs([900, 1100, 1220]),
    { beforeLabel: 'tag=before' },
  );
  expect(renderComparisonMarkdown(comparison)).toMatchInlineSnapshot(`
    "**Undecided**: duration is not judged: it is known of 6 before and 3 after, at least 5 of each are needed.

    | metric | before: median (n) | after: median (n) | ratio [interval] | verdict |
    | --- | ---: | ---: | ---: | --- |
    | duration | 1.025 s (6) | 1.100 s (3) | 1.073 | not judged |
    | stage build | 512.5 ms (6) | 550 ms (3) | 1.073 | not judged |
    | manifest writes | 5 (6) | 5 (3) | 1.000 exact | unchanged |
    | manifest bytes | 20480 B (6) | 20480 B (3) | 1.000 exact | unchanged |
    | journal lines | 12 (6) | 12 (3) | 1.000 exact | unchanged |
    | fsyncs | 9 (6) | 9 (3) | 1.000 exact | unchanged |
    | runs that succeeded | 6 of 6 | 3 of 3 | 0.0 [-56.1, +39.0] points | undecided |
    | runs with retries | 0 of 6 | 0 of 3 | 0.0 [-39.0, +56.1] points | undecided |

    - Duration, not judged: it is known of 6 before and 3 after, at least 5 of each are needed.
    - Stage build, not judged: it is known of 6 before and 3 after, at least 5 of each are needed.
    - Runs that succeeded, undecided: the difference is between -56.1 and 39.0 points, which leaves both open.
    - Runs with retries, undecided: the difference is between -39.0 and 56.1 points, which leaves both open.

    Runs and machines:

    - Before: 6 runs (tag=before); 6 measured; begun 2026-01-31T10:00:00.000Z to 2026-01-31T10:05:00.000Z.
    - Before, machine of 6 runs: 0123456789ab, Example 3000, 2 processors, 8192 MB, linux x64, Node 24.1.0.
    - After: 3 runs; 3 measured; begun 2026-01-31T10:00:00.000Z to 2026-01-31T10:02:00.000Z.
    - After, machine of 3 runs: 0123456789ab, Example 3000, 2 processors, 8192 MB, linux x64, Node 24.1.0.

    How it was computed:

    - Ratio: median after over median before; interval: bootstrap of the ratio of medians, 4000 resamples, 95 %, seed 1.
    - Regressed: all of the interval is above 1.050; improved: below 0.952; unchanged: within 0.909 and 1.100; else undecided. At least 5 succeeded runs of each side, all of one machine.
    - Exact: a count that is the same in every run of a side, of at least three.
    - Rates: difference of shares over all runs that ended, in points, with Newcombe's interval, 95 %.
    "
  `);
});

const hostile =
  'a|b`c`<img src=x onerror=alert(1)>**bold**[link](javascript:x)\n# head\n\u001b[31mred\u202Eesrever @all https://example.org';

test('names from outside format nothing in markdown', () => {
  const text = renderComparisonMarkdown(hostileComparison());
  const lines = text.split('\n');
  expect(lines.filter((line) => line.startsWith('#'))).toStrictEqual([]);
  expect(text).not.toMatch(/<img|\*\*bold|\[link\]|@all|https:\/\//);
  expect(text).not.toMatch(/[^\P{Cc}\n]|\u202E/u);
  const table = lines.filter((line) => line.startsWith('|'));
  for (const line of table) expect(line.split('|')).toHaveLength(7);
});

test('names from outside move no cursor and make no lines in text', () => {
  const text = renderComparisonText(hostileComparison());
  expect(text).not.toMatch(/[^\P{Cc}\n]|\u202E/u);
  expect(text).not.toMatch(/^# head/m);
  expect(text.split('\n').length).toBeLessThan(40);
});

function hostileComparison(): ReturnType<typeof compareSamples> {
  const stages = [{ id: hostile, status: 'succeeded', durationMs: 5, attempts: 1 }];
  const odd = {
    stages,
    commit: hostile,
    pipelineId: hostile,
    machine: { ...machine, cpuModel: hostile },
    toolVersion: hostile,
  };
  return compareSamples(
    runs([1, 2, 3, 4, 5], odd),
    runs([1, 2, 3], { ...odd, stages: [], status: hostile }),
    {
      beforeLabel: hostile,
    },
  );
}
