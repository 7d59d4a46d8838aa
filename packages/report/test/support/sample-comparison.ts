import type { Comparison, MetricComparison } from '../../src/compare/comparison.js';
import type { ComparisonPageView } from '../../src/html/index.js';

type Numbers = readonly [before: number, ratio: number, spread: number];

const stages: Readonly<Record<string, Numbers>> = {
  install: [14_400, 1.01, 0.08],
  build: [27_400, 1.002, 0.03],
  lint: [59_200, 1.16, 0.04],
  'typecheck sources and tests': [24_200, 0.84, 0.05],
  unit: [51_700, 1.04, 0.12],
  integration: [97_300, 1.0, 0.02],
};

const machine = {
  id: 'a1b2c3d4',
  cpuModel: 'AMD EPYC 7763 64-Core Processor',
  cpus: 2,
  memoryMb: 7936,
  os: 'linux 6.8.0',
  arch: 'x64',
  node: 'v20.20.2',
};

/** Twelve runs before against fourteen after: one stage is slower, one is faster. */
export function sampleComparison(): ComparisonPageView {
  const runs = (side: string, count: number): string[] =>
    Array.from(
      { length: count },
      (_, index) => `2026-03-1${side}T09-30-0${index % 10}-000Z-5f1c22${index + 10}`,
    );
  const sideOf = (
    label: string,
    runIds: readonly string[],
    commit: string,
  ): Comparison['before'] => ({
    label,
    runIds,
    measured: runIds.length - 1,
    leftOut: [{ status: 'failed', runs: 1 }],
    repeated: [],
    machines: [{ machine, runs: runIds.length }],
    pipelines: [{ pipelineId: 'release', runs: runIds.length }],
    commits: [{ commit, runs: runIds.length }],
    toolVersions: [{ toolVersion: '0.1.0', runs: runIds.length }],
    firstStartedAt: '2026-03-13T09:30:00.000Z',
    lastStartedAt: '2026-03-14T09:30:00.000Z',
  });
  const before = runs('3', 12);
  const after = runs('4', 14);
  return {
    generatedAt: '2026-03-14T10:00:00.000Z',
    title: 'release-check: before and after',
    comparison: {
      schema: 'compare/v1',
      verdict: 'regressed',
      reason: 'The stage lint takes ×1.16 of what it took, which is beyond the margin of 10 %',
      before: sideOf('tag:main', before, '4b8f2f31d9c0a6be1f7d3e5a90c2b1d8e7f60a11'),
      after: sideOf('tag:faster-types', after, '90c2b1d8e7f60a114b8f2f31d9c0a6be1f7d3e5a'),
      metrics: metrics(),
      rates: [
        {
          id: 'success',
          name: 'Runs that succeeded',
          before: { hits: 11, runs: 12 },
          after: { hits: 13, runs: 14 },
          difference: 0.012,
          interval: { lower: -0.22, upper: 0.24 },
          verdict: 'undecided',
          reason: 'with so few runs, a difference of 20 % could not be seen',
        },
      ],
      stagesAdded: ['docs'],
      stagesRemoved: [],
      method: { level: 0.95, seed: 1, resamples: 4000, margin: 0.1, minRuns: 5 },
      notes: ['The runs after were made a day later than the runs before.'],
    },
    verification: [...before, ...after].map((runId, index) => ({
      runId,
      side: index < before.length ? 'before' : 'after',
      verdict: index === 5 ? 'damaged' : 'intact',
      signature: 'absent',
      findings: index === 5 ? 2 : 0,
      digest: index.toString(16).padStart(64, 'c'),
    })),
    repeat: ['codex-orchestrator compare --before tag:main --after tag:faster-types --seed 1'],
  };
}

function metrics(): MetricComparison[] {
  return [
    metric('duration', null, [172_000, 1.03, 0.03]),
    ...Object.entries(stages).map(([stage, numbers]) => metric(`stage ${stage}`, stage, numbers)),
    {
      ...metric('manifest writes', null, [9, 1, 0]),
      id: 'manifest-writes',
      unit: 'count',
      test: 'exact',
    },
    {
      ...metric('manifest bytes', null, [118_000, 1.02, 0.01]),
      id: 'manifest-bytes',
      unit: 'bytes',
    },
  ];
}

function metric(
  name: string,
  stage: string | null,
  [median, ratio, spread]: Numbers,
): MetricComparison {
  const values = (middle: number, count: number, seed: number): number[] =>
    Array.from({ length: count }, (_, index) => {
      const wave = ((index * 0.618_034 + seed) % 1) - 0.5;
      return Math.round(middle * (1 + wave * 2 * spread + (index === 4 ? spread * 2 : 0)));
    });
  const verdict =
    ratio > 1.1 ? 'regressed' : ratio < 0.9 ? 'improved' : spread > 0.1 ? 'undecided' : 'unchanged';
  return {
    id: stage === null ? name : `stage:${stage}`,
    name,
    stage,
    unit: 'ms',
    before: { values: values(median, 11, 0.1), median },
    after: { values: values(median * ratio, 13, 0.4), median: median * ratio },
    ratio,
    interval: { lower: ratio * (1 - spread), upper: ratio * (1 + spread * 1.1) },
    test: 'bootstrap',
    p: spread === 0 ? null : Math.min(1, 0.02 / Math.abs(ratio - 1.0005)),
    verdict,
    reason: 'the interval says so',
    smallestVisible: 1 + spread,
  };
}
