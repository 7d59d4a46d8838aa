import { expect, test } from 'vitest';

import {
  compareSamples,
  evidenceSchema,
  parseEvidence,
  renderEvidenceMarkdown,
} from '../src/index.js';
import type { EvidenceDocument, EvidenceRole } from '../src/index.js';
import { machine, sample } from './compare-rig.js';

function evidence(changes: Partial<EvidenceDocument> = {}): EvidenceDocument {
  const role: EvidenceRole = changes.phase === 'post' ? 'candidate' : 'base';
  return {
    schema: 'evidence/v1',
    phase: 'baseline',
    taskId: 'demo',
    pipelineId: 'checks',
    startedAt: '2026-01-31T10:00:00.000Z',
    toolVersion: '0.1.0',
    builds: [
      { role, ref: 'main', commit: 'deadbeef', command: ['codex-orchestrator', 'start', "it's"] },
    ],
    machine,
    order: [role, role],
    runs: runsOf(role, [1000, 1100], changes.phase ?? 'baseline'),
    notes: ['Nothing else ran on the machine.'],
    ...changes,
  };
}

function runsOf(
  role: EvidenceRole,
  durations: readonly number[],
  name: string,
): EvidenceDocument['runs'] {
  return durations.map((durationMs, at) => ({
    runId: `${name}-${role}-${String(at)}`,
    role,
    manifestPath: `.runs/demo/cli/${name}-${role}-${String(at)}/manifest.json`,
    manifestSha256: String(at).repeat(64),
    journalHead: at === 0 ? 'abc' : null,
    sample: sample({
      runId: `${name}-${role}-${String(at)}`,
      durationMs,
      startedAt: new Date(Date.UTC(2026, 0, 31, 10, at)).toISOString(),
      stages: [{ id: 'build', status: 'succeeded', durationMs: durationMs / 2, attempts: 1 }],
    }),
  }));
}

test('a baseline alone says what was not measured yet', () => {
  const text = renderEvidenceMarkdown({ baseline: evidence(), post: null, comparison: null });
  expect(text).toMatchInlineSnapshot(`
    "## Baseline numbers

    - Task demo, pipeline checks, begun 2026-01-31T10:00:00.000Z
    - Base: main at commit deadbeef
    - Tool version 0.1.0
    - Machine 0123456789ab, Example 3000, 2 processors, 8192 MB, linux x64, Node 24.1.0
    - Nothing else ran on the machine.

    | metric | median | least | most | runs |
    | --- | ---: | ---: | ---: | ---: |
    | duration | 1.050 s | 1.000 s | 1.100 s | 2 |
    | stage build | 525 ms | 500 ms | 550 ms | 2 |
    | manifest writes | 5 | 5 | 5 | 2 |
    | manifest bytes | 20480 B | 20480 B | 20480 B | 2 |
    | journal lines | 12 | 12 | 12 | 2 |
    | fsyncs | 9 | 9 | 9 | 2 |
    | runs that succeeded | 2 of 2 | - | - | 2 |

    ## Post-change numbers

    Not measured yet.

    ## Comparison

    Nothing to compare yet.

    ## Records

    | phase | role | run | status | manifest | sha256 of the manifest | journal head |
    | --- | --- | --- | --- | --- | --- | --- |
    | baseline | base | \`baseline-base-0\` | succeeded | \`.runs/demo/cli/baseline-base-0/manifest.json\` | \`0000000000000000000000000000000000000000000000000000000000000000\` | \`abc\` |
    | baseline | base | \`baseline-base-1\` | succeeded | \`.runs/demo/cli/baseline-base-1/manifest.json\` | \`1111111111111111111111111111111111111111111111111111111111111111\` | - |

    ## How to measure again

    \`\`\`sh
    # base at deadbeef
    codex-orchestrator start 'it'\\''s'
    \`\`\`

    - Baseline, order of the runs: base, base
    "
  `);
});

test('a whole section has its headings in order, and the comparison', () => {
  const post = evidence({
    phase: 'post',
    order: ['base', 'candidate', 'candidate', 'base'],
    runs: [...runsOf('candidate', [900, 950], 'post'), ...runsOf('base', [1000, 1020], 'post')],
  });
  const baseline = evidence();
  const samples = (document: EvidenceDocument, role: EvidenceRole) =>
    document.runs.filter((run) => run.role === role).map((run) => run.sample);
  const comparison = compareSamples(samples(post, 'base'), samples(post, 'candidate'));
  const text = renderEvidenceMarkdown({ baseline, post, comparison, headingLevel: 3 });
  expect(
    text.split('\n').filter((line) => line.startsWith('#') && !line.startsWith('# ')),
  ).toStrictEqual([
    '### Baseline numbers',
    '### Post-change numbers',
    '### Comparison',
    '### Records',
    '### How to measure again',
  ]);
  expect(text).toContain('Candidate:\n\n| metric |');
  expect(text).toContain('Base, measured in turns with the candidate:\n\n| metric |');
  expect(text).toContain('| duration | 925 ms | 900 ms | 950 ms | 2 |');
  expect(text).toContain('- Post, order of the runs: base, candidate, candidate, base');
  expect(text).toContain('How it was computed:');
  for (const run of [...baseline.runs, ...post.runs]) expect(text).toContain(run.manifestSha256);
});

test('what names and commands hold formats nothing', () => {
  const hostile = '```\n# head\n|x|<b>`y`\\';
  const text = renderEvidenceMarkdown({
    baseline: evidence({
      taskId: hostile,
      notes: [hostile, '- item', '1. item'],
      builds: [{ role: 'base', ref: hostile, commit: null, command: ['run', hostile] }],
      runs: runsOf('base', [1], 'x').map((run) => ({ ...run, manifestPath: hostile })),
    }),
    post: null,
    comparison: null,
  });
  expect(text.split('\n').filter((line) => /^#{1,6} head/.test(line))).toStrictEqual([]);
  expect(text.split('\n').filter((line) => line.startsWith('````'))).toStrictEqual([
    '````sh',
    '````',
  ]);
  const [outside] = text.split('````sh');
  expect(outside).not.toMatch(/<b>|\|x\|/);
  expect(text).not.toMatch(/^- (?:-|1\.) item/m);
});

test('no runs are said to be none', () => {
  const text = renderEvidenceMarkdown({
    baseline: evidence({ runs: [], order: [], machine: null }),
    post: null,
    comparison: null,
  });
  expect(text).toContain('No runs.');
  expect(text).toContain('Machine not known');
});

test('evidence that was written as JSON is read back as it was', () => {
  const document = evidence();
  expect(parseEvidence(JSON.parse(JSON.stringify(document)))).toStrictEqual(document);
  expect(evidenceSchema()).toBe(evidenceSchema());
});

test.each([
  [null, 'it'],
  [{ ...evidence(), schema: 'evidence/v2' }, 'schema'],
  [{ ...evidence(), phase: 'later' }, 'phase'],
  [
    { ...evidence(), runs: [{ ...evidence().runs[0], manifestSha256: 'short' }] },
    'runs.0.manifestSha256',
  ],
])('what is no evidence is refused with the member that is wrong', (value, subject) => {
  expect(() => parseEvidence(value)).toThrow(
    expect.objectContaining({ code: 'DOCUMENT_INVALID', subject }),
  );
});
