import { expect, test } from 'vitest';

import { compareSamples, comparisonSchema } from '../src/index.js';
import type { Comparison, MetricComparison, RunSample } from '../src/index.js';
import { machine, noisySamples, sample } from './compare-rig.js';

test('runs that take a fifth longer have regressed, and the reverse has improved', () => {
  const [before, after] = [noisySamples(15, 1000, 1), noisySamples(15, 1200, 2)];
  const slower = compareSamples(before, after);
  expect(slower).toMatchObject({ verdict: 'regressed', reason: 'worse than before: duration' });
  const duration = metric(slower, 'duration');
  expect(duration).toMatchObject({ verdict: 'regressed', test: 'bootstrap' });
  expect(duration.ratio).toBeCloseTo(1.2, 1);
  expect(duration.p).toBeLessThan(0.001);
  const faster = compareSamples(after, before);
  expect(faster).toMatchObject({ verdict: 'improved' });
  expect(metric(faster, 'duration').ratio).toBeCloseTo(1 / (duration.ratio ?? 0), 10);
});

test('runs that are alike are unchanged', () => {
  const comparison = compareSamples(noisySamples(15, 1000, 3), noisySamples(15, 1000, 4));
  expect(comparison.verdict).toBe('unchanged');
  expect(metric(comparison, 'duration').verdict).toBe('unchanged');
  expect(metric(comparison, 'fsyncs')).toMatchObject({ verdict: 'unchanged', test: 'exact' });
});

test('where the runs leave both open, it says so, and what they would have shown', () => {
  const wild = (...durations: readonly number[]): RunSample[] =>
    durations.map((durationMs) => sample({ durationMs }));
  const comparison = compareSamples(
    wild(500, 900, 1000, 1400, 2000, 700),
    wild(600, 950, 1100, 1500, 1900, 800),
  );
  const duration = metric(comparison, 'duration');
  expect(comparison.verdict).toBe('undecided');
  expect(duration.verdict).toBe('undecided');
  expect(duration.smallestVisible).toBeGreaterThan(1.2);
});

test('a difference within the margin is no regression, however sure it is', () => {
  const before = Array.from({ length: 50 }, () => sample({ durationMs: 1000 }));
  const after = Array.from({ length: 50 }, () => sample({ durationMs: 1030 }));
  expect(metric(compareSamples(before, after), 'duration').verdict).toBe('unchanged');
  expect(metric(compareSamples(before, after, { margin: 0.02 }), 'duration').verdict).toBe(
    'regressed',
  );
});

test('of comparisons of runs that are alike, hardly any alarms', () => {
  const alarms = Array.from({ length: 60 }, (_, round) =>
    compareSamples(noisySamples(8, 1000, round), noisySamples(8, 1000, 1000 + round), {
      seed: round,
      resamples: 400,
    }),
  ).filter(({ verdict }) => verdict === 'regressed' || verdict === 'improved');
  expect(alarms.length).toBeLessThanOrEqual(1);
});

test('too few runs are not judged by their durations, but by counts that do not vary', () => {
  const before = noisySamples(4, 1000, 5);
  const after = noisySamples(9, 2000, 6, { manifestWrites: 10 });
  const comparison = compareSamples(before, after);
  expect(metric(comparison, 'duration')).toMatchObject({
    verdict: 'not-judged',
    reason: 'it is known of 4 before and 9 after, at least 5 of each are needed',
    interval: null,
  });
  expect(metric(comparison, 'manifest-writes')).toMatchObject({
    verdict: 'regressed',
    reason: 'it was 5 in every run and is 10 in every run',
    ratio: 2,
  });
  expect(comparison).toMatchObject({
    verdict: 'regressed',
    reason: 'worse than before: manifest writes',
  });
});

test('one run of a side does not show that a count never varies', () => {
  const comparison = compareSamples([sample()], [sample({ fsyncs: 10 })]);
  expect(metric(comparison, 'fsyncs').verdict).toBe('not-judged');
  expect(comparison.verdict).toBe('not-judged');
});

test.each<[string, Partial<RunSample>, string]>([
  ['another machine', { machine: { ...machine, id: 'other' } }, 'differ in id'],
  [
    'another version of Node',
    { machine: { ...machine, node: '20.19.0' } },
    'differ in version of Node',
  ],
  ['a machine that is not known', { machine: null }, 'the machine of 6 runs is not known'],
])('durations on %s are not judged, counts are', (_, changes, reason) => {
  const comparison = compareSamples(noisySamples(6, 1000, 7), noisySamples(6, 2000, 8, changes));
  const duration = metric(comparison, 'duration');
  expect(duration.verdict).toBe('not-judged');
  expect(duration.reason).toContain(reason);
  expect(metric(comparison, 'fsyncs').verdict).toBe('unchanged');
  expect(comparison.verdict).toBe('undecided');
});

test('a side of two machines is named with the runs of each', () => {
  const other = { ...machine, id: 'other' };
  const before = [...noisySamples(4, 1000, 9), ...noisySamples(2, 1000, 9, { machine: other })];
  const comparison = compareSamples(before, noisySamples(6, 2000, 10));
  expect(metric(comparison, 'duration').reason).toBe('the runs before are of 2 machines');
  expect(comparison.before.machines).toStrictEqual([
    { machine, runs: 4 },
    { machine: other, runs: 2 },
  ]);
});

test('a side of two pipelines is not judged at all', () => {
  const before = [...noisySamples(6, 1000, 11), ...noisySamples(6, 1, 12, { pipelineId: 'tiny' })];
  const comparison = compareSamples(before, noisySamples(6, 2000, 13));
  expect(comparison).toMatchObject({
    verdict: 'not-judged',
    reason: 'the runs before are of 2 pipelines',
  });
});

test('counts of manifests are not compared with those of the history', () => {
  const manifests = noisySamples(6, 1000, 14, { source: 'manifest', fsyncs: 12 });
  const comparison = compareSamples(noisySamples(6, 1000, 15), manifests);
  expect(metric(comparison, 'fsyncs')).toMatchObject({ verdict: 'not-judged' });
  expect(metric(comparison, 'duration').verdict).toBe('unchanged');
});

test('runs that failed count for the rates alone', () => {
  const failed = noisySamples(6, 10, 16, { status: 'failed' });
  const comparison = compareSamples(noisySamples(8, 1000, 17), [
    ...noisySamples(6, 1000, 18),
    ...failed,
    sample({ status: 'in_progress', durationMs: null }),
  ]);
  expect(metric(comparison, 'duration').after.values).toHaveLength(6);
  expect(comparison.after).toMatchObject({
    measured: 6,
    leftOut: [
      { status: 'failed', runs: 6 },
      { status: 'in_progress', runs: 1 },
    ],
  });
  expect(comparison.rates[0]).toMatchObject({
    id: 'success',
    before: { hits: 8, runs: 8 },
    after: { hits: 6, runs: 12 },
    verdict: 'regressed',
  });
  expect(comparison.notes).toContain(
    'Runs that did not succeed, which count in the rates alone: 6.',
  );
  expect(comparison.notes).toContain('Runs that have not ended, which count in nothing: 1.');
});

test('a run of which a stage was tried again counts as one with retries', () => {
  const stages = [{ id: 'build', status: 'succeeded', durationMs: 10, attempts: 3 }];
  const comparison = compareSamples(
    noisySamples(9, 1000, 19),
    noisySamples(9, 1000, 20, { stages }),
  );
  expect(comparison.rates[1]).toMatchObject({
    id: 'retries',
    before: { hits: 0, runs: 9 },
    after: { hits: 9, runs: 9 },
    difference: 1,
    verdict: 'regressed',
  });
});

test('stages are compared by id; those of one side are listed', () => {
  const stagesOf = (ids: readonly string[], durationMs: number): RunSample['stages'] =>
    ids.map((id) => ({ id, status: 'succeeded', durationMs, attempts: 1 }));
  const before = Array.from({ length: 6 }, () =>
    sample({ stages: stagesOf(['lint', 'build', 'old'], 100) }),
  );
  const after = Array.from({ length: 6 }, () =>
    sample({ stages: stagesOf(['build', 'lint', '__proto__'], 120) }),
  );
  const comparison = compareSamples(before, after);
  expect(comparison.metrics.map(({ id }) => id).slice(0, 3)).toStrictEqual([
    'duration',
    'stage:build',
    'stage:lint',
  ]);
  expect(metric(comparison, 'stage:build')).toMatchObject({
    stage: 'build',
    ratio: 1.2,
    verdict: 'regressed',
  });
  expect(comparison).toMatchObject({ stagesAdded: ['__proto__'], stagesRemoved: ['old'] });
});

test('a median of 0 before has no ratio; counts that do not vary are still compared', () => {
  const before = Array.from({ length: 6 }, () => sample({ durationMs: 0, fsyncs: 0 }));
  const after = Array.from({ length: 6 }, () => sample({ durationMs: 5, fsyncs: 2 }));
  const comparison = compareSamples(before, after);
  expect(metric(comparison, 'duration')).toMatchObject({ ratio: null, verdict: 'not-judged' });
  expect(metric(comparison, 'fsyncs')).toMatchObject({ ratio: null, verdict: 'regressed' });
});

test('values that cannot be computed with are not known', () => {
  const odd = [Number.NaN, -5, '7' as unknown as number, Infinity, null];
  const before = [...noisySamples(6, 1000, 21), ...odd.map((durationMs) => sample({ durationMs }))];
  const comparison = compareSamples(before, noisySamples(6, 1000, 22));
  expect(metric(comparison, 'duration').before.values).toHaveLength(6);
  expect(comparison.before.measured).toBe(11);
});

test('a run that is given twice counts once, by its latest attempt, and is named', () => {
  const first = sample({ durationMs: 9_000_000 });
  const before = [...noisySamples(5, 1000, 23), first, { ...first, attempt: 2, durationMs: 1000 }];
  const comparison = compareSamples(before, noisySamples(5, 1000, 24));
  expect(comparison.before.repeated).toStrictEqual([first.runId]);
  expect(metric(comparison, 'duration').before.values).toHaveLength(6);
  expect(metric(comparison, 'duration').before.values).not.toContain(9_000_000);
});

test('a run on both sides is refused by its id', () => {
  const shared = sample();
  expect(() => compareSamples([shared, sample()], [sample(), shared])).toThrow(
    expect.objectContaining({ code: 'RUN_ON_BOTH_SIDES', subject: shared.runId }),
  );
});

test.each([
  { level: 1 },
  { margin: -0.1 },
  { margin: Number.NaN },
  { minRuns: 0 },
  { seed: 0.5 },
  { resamples: 0 },
])('the option %o is refused', (options) => {
  expect(() => compareSamples([], [], options)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION' }),
  );
});

test('no runs on a side are not judged', () => {
  expect(compareSamples([], noisySamples(6, 1000, 25))).toMatchObject({
    verdict: 'not-judged',
    reason: 'no run before succeeded',
  });
  expect(compareSamples([], [])).toMatchObject({ verdict: 'not-judged' });
});

test('what a reader should know of the runs is noted', () => {
  const before = noisySamples(6, 1000, 32, { durationKind: 'elapsed' });
  const after = noisySamples(6, 1000, 33, { pipelineId: 'renamed' });
  expect(compareSamples(before, after).notes).toStrictEqual([
    'The pipeline was "checks" before and is "renamed" after.',
    'The runs before were all begun earlier than those after: what else changed on the machine in between would show as well.',
    'Durations are the time in which an attempt was under way; where that is not known, from the first start to the last end.',
  ]);
  const [one, ...others] = noisySamples(8, 1000, 34);
  const inTurns = compareSamples(
    [one, ...others.slice(4)].filter((each) => each !== undefined),
    others.slice(0, 4),
  );
  expect(inTurns.notes).toStrictEqual([]);
});

test('the order in which runs are given does not matter', () => {
  const [before, after] = [noisySamples(9, 1000, 26), noisySamples(9, 1100, 27)];
  expect(compareSamples(before.toReversed(), after.toReversed())).toStrictEqual(
    compareSamples(before, after),
  );
});

test('the same seed gives the same digits', () => {
  const ladder = (step: number): RunSample[] =>
    [1000, 1020, 1045, 1080, 1130, 1300].map((durationMs) =>
      sample({ durationMs: durationMs + step }),
    );
  const { interval, p, ratio } = metric(compareSamples(ladder(0), ladder(100)), 'duration');
  expect({ interval, p, ratio }).toMatchInlineSnapshot(`
    {
      "interval": {
        "lower": 0.9621848739495799,
        "upper": 1.2376470588235293,
      },
      "p": 0.09307359307359307,
      "ratio": 1.0941176470588236,
    }
  `);
});

test('a comparison survives being written as JSON, as its schema says', () => {
  const comparison = compareSamples(noisySamples(6, 1000, 28), noisySamples(6, 1100, 29), {
    beforeLabel: 'tag=a',
  });
  expect(comparisonSchema().parse(JSON.parse(JSON.stringify(comparison)))).toStrictEqual(
    comparison,
  );
  expect(() => comparisonSchema().parse({ ...comparison, verdict: 'fine' })).toThrow();
  expect(() => comparisonSchema().parse({ ...comparison, schema: 'compare/v2' })).toThrow();
});

test('ten thousand runs on each side are no reason to draw ten thousand values per resample', () => {
  const before = noisySamples(10_000, 1000, 30);
  const after = noisySamples(10_000, 1010, 31);
  expect(compareSamples(before, after).verdict).toBe('unchanged');
});

function metric(comparison: Comparison, id: string): MetricComparison {
  const found = comparison.metrics.find((each) => each.id === id);
  if (found === undefined) throw new Error(`There is no metric ${id}`);
  return found;
}
