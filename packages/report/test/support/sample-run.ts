import type { EarlierRun, RunPageView, StageView } from '../../src/html/index.js';

const startedAt = Date.UTC(2026, 2, 14, 9, 30, 0);

type Timing = readonly [fromSeconds: number, toSeconds: number];

interface Sample {
  readonly title: string;
  readonly needs: readonly string[];
  readonly timing: Timing | null;
  readonly status?: string;
  readonly attempts?: number;
  readonly reason?: string;
}

const samples: Readonly<Record<string, Sample>> = {
  install: { title: 'Install dependencies', needs: [], timing: [0.2, 14.6] },
  build: { title: 'Build every package', needs: ['install'], timing: [14.7, 42.1] },
  lint: {
    title: 'Lint with types and package boundaries',
    needs: ['install'],
    timing: [14.7, 73.9],
  },
  typecheck: { title: 'Typecheck sources and tests', needs: ['install'], timing: [42.2, 66.4] },
  unit: { title: 'Unit tests', needs: ['build'], timing: [66.5, 118.2], attempts: 2 },
  integration: {
    title: 'Integration tests',
    needs: ['build'],
    timing: [74, 171.3],
    status: 'failed',
    attempts: 3,
  },
  browser: {
    title: 'Browser tests',
    needs: ['build'],
    timing: [118.4, 126.9],
    status: 'skipped',
    reason: 'allow-failure',
  },
  docs: { title: 'Check the documents', needs: ['install'], timing: [127, 133.4] },
  package: {
    title: 'Pack and inspect archives',
    needs: ['unit', 'typecheck'],
    timing: [133.5, 149],
    status: 'cancelled',
    reason: 'run-failed',
  },
  audit: {
    title: 'Audit',
    needs: ['install'],
    timing: [149.2, 152],
    status: 'interrupted',
  },
  sign: {
    title: 'Sign',
    needs: ['package'],
    timing: null,
    status: 'skipped',
    reason: 'run-failed',
  },
  publish: {
    title: 'Publish to the registry',
    needs: ['sign', 'integration'],
    timing: null,
    status: 'skipped',
    reason: 'run-failed',
  },
};

/** A run of twelve stages, some side by side, with each way to end. */
export function sampleRun(): RunPageView {
  const stages = Object.entries(samples).map(([id, sample], index) => stageOf(id, sample, index));
  return {
    generatedAt: '2026-03-14T10:00:00.000Z',
    taskId: 'release-check',
    runId: '2026-03-14T09-30-00-000Z-5f1c22ab',
    pipeline: 'Everything that a release needs',
    status: 'failed',
    statusDetail: 'stage:integration:failed',
    rootCause: "Stage 'Integration tests' failed with exit code 1.",
    exitCode: 1,
    facts: [
      { name: 'Pipeline', value: 'release', isCode: true },
      { name: 'Attempt', value: '2' },
      { name: 'Owner', value: 'process 20138 on builder-3' },
      { name: 'Tool', value: 'codex-orchestrator 0.1.0, Node v20.20.2, linux-x64' },
      { name: 'Commit', value: '4b8f2f31d9c0a6be1f7d3e5a90c2b1d8e7f60a11', isCode: true },
      { name: 'Tags', value: 'nightly, main' },
    ],
    summary: [
      "Stage 'Integration tests' failed with exit code 1.",
      'Guardrails: spec-guard not configured for this pipeline.',
    ],
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(startedAt + 172_000).toISOString(),
    durationMs: 172_004.2,
    gapMs: 0,
    stages,
    loops: [],
    earlier: earlierRuns(stages),
    verification: {
      verdict: 'damaged',
      sealed: true,
      findings: [
        {
          code: 'file-altered',
          path: '.runs/release-check/cli/2026-03-14T09-30-00-000Z-5f1c22ab/commands/05-unit.log',
          place: null,
          message: 'it is not what the journal says was written',
        },
        {
          code: 'journal-altered',
          path: '.runs/release-check/cli/2026-03-14T09-30-00-000Z-5f1c22ab/runner.ndjson',
          place: 'line 41',
          message: 'the line does not follow from the one before',
        },
      ],
      remarks: ['The signature fits the key that stands in it; no key was given to trust.'],
      checked: { journalLines: 61, files: 14, bytes: 1_482_113 },
      signature: 'unchecked',
      anchor: { lines: 61, bytes: 18_443, head: 'c0ffee'.padEnd(64, '4a') },
      manifestChecksum: 'ab12'.repeat(16),
      artifacts: stages
        .filter(({ logPath }) => logPath !== null)
        .map(({ logPath }, index) => ({
          path: logPath ?? '',
          bytes: 9_000 * (index + 1),
          sha256: String(index % 10).repeat(64),
        })),
    },
    cost: [
      { name: 'Manifest writes', unit: 'count', value: 9 },
      { name: 'Manifest bytes', unit: 'bytes', value: 118_443 },
      { name: 'Journal lines', unit: 'count', value: 61 },
      { name: 'Journal bytes', unit: 'bytes', value: 18_443 },
      { name: 'Fsyncs', unit: 'count', value: 12 },
    ],
  };
}

function stageOf(id: string, sample: Sample, index: number): StageView {
  const { title, needs, timing, status = 'succeeded', attempts = 1, reason = null } = sample;
  const failed = status === 'failed';
  return {
    id,
    title,
    status,
    needs,
    startedAt: timing && instant(timing[0]),
    endedAt: timing && instant(timing[1]),
    durationMs: timing && (timing[1] - timing[0]) * 1000,
    attempts: timing ? attempts : 0,
    exitCode: timing ? Number(failed) : null,
    reason,
    logPath: timing && `commands/${String(index + 1).padStart(2, '0')}-${id}.log`,
    logBytes: timing && 9_000 * (index + 1),
  };
}

function instant(seconds: number): string {
  return new Date(startedAt + seconds * 1000).toISOString();
}

function earlierRuns(stages: readonly StageView[]): EarlierRun[] {
  return Array.from({ length: 22 }, (_, run) => {
    const isFailed = run % 7 === 3;
    return {
      status: isFailed ? 'failed' : 'succeeded',
      durationMs: 160_000 * wobble(run),
      stages: stages.map(({ id, durationMs }, index) => ({
        id,
        status: isFailed && id === 'unit' ? 'failed' : 'succeeded',
        durationMs: (durationMs ?? 4000) * wobble(run * 5 + index),
      })),
    };
  });
}

function wobble(seed: number): number {
  return 0.85 + ((seed * 0.618_034) % 1) * 0.3;
}
