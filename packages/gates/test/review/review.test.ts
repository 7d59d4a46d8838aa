import { execFileSync } from 'node:child_process';

import { expect, test } from 'vitest';

import type { GatePorts, Review, ReviewRequest, RunJudgement } from '../../src/gate/gate-ports.js';
import type { GateResult } from '../../src/gate/gate-result.js';
import { reviewGate } from '../../src/review/review.js';
import { createGateRig, rigEnvironment } from '../gate-rig.js';
import type { GateRig } from '../gate-rig.js';

const approved: Review = { kind: 'reviewed', agent: 'codex', findings: [], message: '' };
const runId = '2026-01-06T06-53-37-814Z-c285a360';

interface ReviewCall {
  readonly review?: Review;
  /** What the reviewer does. */
  readonly act?: () => unknown;
  readonly environment?: Readonly<Record<string, string>>;
  readonly judgement?: Partial<RunJudgement>;
  readonly ports?: Partial<GatePorts>;
}

interface ReviewCase extends AsyncDisposable {
  readonly gate: GateRig;
  /** What the reviewer was asked. */
  readonly asked: ReviewRequest[];
  /** Paths of manifests that were judged. */
  readonly judged: string[];
  run(call?: ReviewCall): Promise<GateResult>;
}

/** Most of what is tried here has nothing to do with the diff budget. */
const usual = { NOTES: 'Goal: sums', SKIP_DIFF_BUDGET: '1' };
const withBudget = { SKIP_DIFF_BUDGET: '' };

/** A repository with one run of the task `0001-sum`, and a change that nobody committed. */
async function openCase(): Promise<ReviewCase> {
  const gate = await createGateRig();
  await gate.write('.gitignore', '.runs/\nout/\n');
  await gate.write('sum.js', 'return 1;\n');
  gate.commit('start');
  gate.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  await gate.write('sum.js', 'return a + b;\n');
  await gate.write(`.runs/0001-sum/cli/${runId}/manifest.json`, '{}');
  const asked: ReviewRequest[] = [];
  const judged: string[] = [];
  return {
    gate,
    asked,
    judged,
    run: ({ review = approved, act, environment, judgement, ports } = {}) =>
      gate.run(reviewGate, {
        taskId: '0001-sum',
        environment: { ...rigEnvironment(gate.root), ...usual, ...environment },
        judgeRun: (path) => {
          judged.push(path.slice(gate.root.length + 1));
          return Promise.resolve({ isVerified: true, problem: null, run: recorded, ...judgement });
        },
        review: async (request) => {
          asked.push(request);
          await act?.();
          return review;
        },
        ...ports,
      }),
    [Symbol.asyncDispose]: () => gate[Symbol.asyncDispose](),
  };
}

const recorded = {
  ...{ runId, taskId: '0001-sum', pipelineId: 'diagnostics', status: 'succeeded' },
  ...{ startedAt: '2026-01-06T06:53:37.814Z', completedAt: null, durationMs: 5 },
};

test('a change that nobody has to say something about passes', async () => {
  await using review = await openCase();
  const result = await review.run({ environment: withBudget });
  expect(result).toMatchObject({
    gate: 'review',
    outcome: 'passed',
    passes: true,
    findings: [],
    override: null,
    warnings: [],
    facts: {
      ...{ base: 'origin/main', files: 1, added: 1, deleted: 1, agent: 'codex', run_id: runId },
      ...{ manifest: `.runs/0001-sum/cli/${runId}/manifest.json`, cut_changes: 0 },
      severities: { low: 0, medium: 0, high: 0, critical: 0 },
    },
  });
  expect(result.lines[0]).toMatch(/^✅ Diff budget: OK/);
  expect(result.lines.at(-1)).toMatch(/^✅ Review: OK/);
  expect(review.asked).toMatchObject([{ timeoutMs: 900_000 }]);
});

test('the reviewer sees what was committed, what was not, and what is new', async () => {
  await using review = await openCase();
  const { gate } = review;
  await gate.write('committed.js', 'one\n');
  gate.commit('more');
  await gate.write('ünder way.js', 'two\nthree\n');
  await gate.write('image.png', Buffer.from([137, 0, 1]));
  await gate.write('out/0001-sum/state.json', '{}');
  const { facts } = await review.run();
  expect(facts).toMatchObject({ files: 4, added: 4, deleted: 1 });
  const prompt = review.asked[0]?.prompt ?? '';
  expect(prompt).toContain('+return a + b;\n');
  expect(prompt).toContain('diff --git a/committed.js b/committed.js\nnew file mode');
  expect(prompt).toContain(
    'b/ünder way.js\nnew file, not in the index of git\n@@ -0,0 +1,2 @@\n+two',
  );
  expect(prompt).toContain('new binary image.png');
  expect(prompt).not.toContain('state.json');
});

test('text that attributes call binary is shown, line by line', async () => {
  await using review = await openCase();
  const { gate } = review;
  const lines = Array.from({ length: 20 }, (_, n) => `line ${n}\n`).join('');
  await gate.write('old name.js', lines);
  await gate.write('image.png', Buffer.from([137, 0, 1]));
  const base = gate.commit('before');
  gate.git('update-ref', 'refs/remotes/origin/main', base);
  gate.git('mv', 'old name.js', ':(new) name.js');
  await gate.write(':(new) name.js', `${lines}hidden()\n`);
  await gate.write('sum.js', 'steal()\n');
  await gate.write('image.png', Buffer.from([137, 0, 2]));
  await gate.write('.gitattributes', '* -diff\n');
  const commit = gate.commit('all binary now');
  for (const options of [{}, { commit }]) {
    await review.run({ ports: { options } });
    const prompt = review.asked.at(-1)?.prompt ?? '';
    expect(prompt).toContain('+steal()\n');
    expect(prompt).toContain('rename from old name.js\nrename to :(new) name.js');
    expect(prompt).toContain('+hidden()\n');
    expect(prompt.match(/Binary files /g)).toHaveLength(1);
  }
});

test('of one commit only that is reviewed', async () => {
  await using review = await openCase();
  const commit = review.gate.commit('sum');
  await review.gate.write('later.js', 'later\n');
  await review.run({ ports: { options: { commit } } });
  const prompt = review.asked[0]?.prompt ?? '';
  expect(prompt).toContain(`Changes (the commit ${commit} alone): 1 file, +1/-1`);
  expect(prompt).not.toContain('later');
});

test('the reviewer is told what the index, the checklist and the PRD say of the task', async () => {
  await using review = await openCase();
  const { gate } = review;
  const item = { id: '0001', slug: 'sum', title: 'Sum numbers', status: 'in_progress' };
  await gate.write('tasks/index.json', JSON.stringify({ items: [item] }));
  const header = '# Sum\n- Primary PRD: `docs/PRD-sum.md`\n- Owner: me\n';
  await gate.write('tasks/tasks-0001-sum.md', `${header}\n## Checklist\n- [ ] Write it\n`);
  const points = Array.from({ length: 8 }, (_, n) => `- Point ${n + 1}`).join('\n');
  await gate.write('docs/PRD-sum.md', `# PRD\n## Summary\n${points}\n## Scope\n- Other\n`);
  gate.commit('documents');
  gate.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  await gate.write('sum.js', 'return b + a;\n');
  await review.run({ ports: { taskId: '0001-sum-part-2' }, environment: manifestOf(runId) });
  const [, context = ''] =
    /(Review task: .*)\n\nAgent notes/s.exec(review.asked[0]?.prompt ?? '') ?? [];
  expect(context).toContain(
    'Review task: 0001-sum\nTitle: Sum numbers\nStatus in the index: in_progress',
  );
  expect(context).toContain(
    '- Owner: me\n```\nPRD summary (`docs/PRD-sum.md`):\n```text\n- Point 1\n',
  );
  expect(context).toMatch(/- Point 6\n```$/);
  expect(context).not.toContain('Write it');
});

function manifestOf(id: string): Record<string, string> {
  return { MANIFEST: `.runs/0001-sum/cli/${id}/manifest.json` };
}

test('findings that are severe enough fail, with where they are', async () => {
  await using review = await openCase();
  const place = { rule: 'review-finding', file: 'sum.js', line: 1, fix: null };
  const findings = [{ ...place, severity: 'high' as const, message: 'It overflows' }];
  const result = await review.run({ review: { ...approved, findings } });
  expect(result).toMatchObject({ outcome: 'failed', passes: false, findings });
  expect(result.lines.at(-1)).toBe(' - [high] sum.js:1: It overflows');
  const settings = { review: { failOn: 'critical' as const } };
  const lenient = await review.run({ review: { ...approved, findings }, ports: { settings } });
  expect(lenient).toMatchObject({ outcome: 'passed', findings });
});

test('without a review it does not pass, whoever sits there or not', async () => {
  await using review = await openCase();
  const refused: Review = { kind: 'not-reviewed', agent: null, reason: 'Found no agent' };
  const environment = { CI: '1', CODEX_REVIEW_NON_INTERACTIVE: '1', CODEX_NON_INTERACTIVE: '1' };
  const result = await review.run({ review: refused, environment });
  expect(result).toMatchObject({ outcome: 'not_reviewed', passes: false });
  expect(result.lines.at(-1)).toBe('⚠️ Review: not reviewed (Found no agent)');
  const settings = { review: { allowUnreviewed: true } };
  expect(await review.run({ review: refused, ports: { settings } })).toMatchObject({
    outcome: 'not_reviewed',
    passes: true,
  });
  expect(review.asked).toHaveLength(2);
});

const acts: readonly [string, (gate: GateRig) => unknown, readonly (string | null)[]][] = [
  ['writes as many bytes anew', (gate) => gate.write('sum.js', 'return b + a;\n'), ['sum.js']],
  ['adds a file', (gate) => gate.write('deep/new.js', ''), ['deep/new.js']],
  ['adds to the index', (gate) => gate.git('add', 'sum.js'), ['sum.js']],
  ['changes the branch', (gate) => gate.git('switch', '-q', '-c', 'other'), [null]],
  ['commits', (gate) => gate.commit('mine'), [null, 'deep/new.js', 'sum.js']],
  ['changes what was committed', (gate) => gate.write('sum.js', 'return 0;\n'), ['sum.js']],
  [
    'removes a file',
    (gate) => {
      gate.remove('deep/new.js');
    },
    ['deep/new.js'],
  ],
  [
    'leaves a hook',
    (gate) => gate.write('.git/hooks/pre-commit', 'x\n'),
    ['.git/hooks/pre-commit'],
  ],
  [
    'hides what it writes',
    async (gate) => {
      gate.git('update-index', '--assume-unchanged', '.gitignore');
      await gate.write('.gitignore', '.runs/\nout/\nx\n');
    },
    ['.gitignore'],
  ],
];

test('a reviewer that changes anything lets nothing pass', async () => {
  await using review = await openCase();
  for (const [what, act, files] of acts) {
    const result = await review.run({ act: () => act(review.gate) });
    expect(result, what).toMatchObject({ outcome: 'failed', passes: false });
    expect(
      result.findings.map(({ file }) => file),
      what,
    ).toEqual(files);
    expect(result.findings[0]).toMatchObject({ rule: 'review-changed-files', severity: 'high' });
  }
});

test('what a review leaves among the records is no change, and is named', async () => {
  await using review = await openCase();
  await review.gate.write('.gitignore', 'nothing\n');
  const path = `.runs/0001-sum/cli/${runId}/review/answer.md`;
  const files = [review.gate.rig.path(path), '/elsewhere/prompt.md'];
  const act = () => review.gate.write(path, 'Fine.\n');
  const result = await review.run({ act, review: { ...approved, files } });
  expect(result).toMatchObject({ outcome: 'passed', written: [path] });
});

test('without notes, and with settings that cannot be used, nobody is asked', async () => {
  await using review = await openCase();
  for (const NOTES of ['', ' ']) {
    await expect(review.run({ environment: { NOTES } })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('NOTES is required') as string,
      hint: expect.stringContaining(
        'NOTES="Goal: … | Summary: … | Risks: … | Questions (optional): …"',
      ) as string,
    });
  }
  for (const settings of [{ maxPromptBytes: 100 }, { timeoutMs: 0 }]) {
    const answer = review.run({ ports: { settings: { review: settings } } });
    await expect(answer).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  }
  expect(review.asked).toEqual([]);
});

test('a change over the diff budget is not reviewed, unless somebody says why', async () => {
  await using review = await openCase();
  const ports = { settings: { 'diff-budget': { maxLines: 1 } } };
  const stopped = await review.run({ ports, environment: withBudget });
  expect(stopped).toMatchObject({ gate: 'review', outcome: 'failed', passes: false });
  expect(stopped.findings).not.toHaveLength(0);
  expect(stopped.lines.at(-1)).toContain('over the diff budget');
  expect(review.asked).toEqual([]);
  const environment = { ...withBudget, DIFF_BUDGET_OVERRIDE_REASON: 'It is generated' };
  expect(await review.run({ ports, environment })).toMatchObject({ outcome: 'passed' });
  expect(review.asked[0]?.prompt).toContain('Diff budget override: It is generated');
});

test('the diff budget is left out where a variable says so in a word for yes', async () => {
  await using review = await openCase();
  const ports = { settings: { 'diff-budget': { maxLines: 1 } } };
  for (const [name, value, isLeftOut] of [
    ['DIFF_BUDGET_STAGE', '1', true],
    ['SKIP_DIFF_BUDGET', 'Yes', true],
    ['SKIP_DIFF_BUDGET', '0', false],
  ] as const) {
    const { passes } = await review.run({ ports, environment: { ...withBudget, [name]: value } });
    expect(passes, `${name}=${value}`).toBe(isLeftOut);
  }
});

test('where nothing changed nobody is asked', async () => {
  await using review = await openCase();
  await review.gate.write('sum.js', 'return 1;\n');
  const result = await review.run();
  expect(result).toMatchObject({ outcome: 'not_applicable', passes: true });
  expect(result.lines).toEqual([expect.stringContaining('nothing to review')]);
  expect(review.asked).toEqual([]);
});

test('the evidence is what was named, else the run of the task that began last', async () => {
  await using review = await openCase();
  const { gate } = review;
  const later = '2026-01-07T00-00-00-000Z-00000000';
  const foreign = JSON.stringify({ started_at: '2026-01-08T00:00:00Z' });
  await gate.write('.runs/0001-sum/cli/2026-01-09T00-00-00-000Z-00000000/log', 'no manifest');
  await gate.write(`.runs/0001-sum/cli/${later}/manifest.json`, '{}');
  await gate.write('.runs/0002-other/cli/by-hand/manifest.json', foreign);
  const named = {
    CODEX_ORCHESTRATOR_MANIFEST_PATH: gate.rig.path('.runs/0002-other/cli/by-hand/manifest.json'),
  };
  await review.run();
  await review.run({ ports: { taskId: undefined } });
  await review.run({ environment: named });
  await review.run({ environment: { ...named, ...manifestOf(runId) } });
  const options = { manifest: `.runs/0001-sum/cli/${later}/manifest.json` };
  await review.run({ environment: { ...named, ...manifestOf(runId) }, ports: { options } });
  expect(review.judged).toEqual([
    `.runs/0001-sum/cli/${later}/manifest.json`,
    '.runs/0002-other/cli/by-hand/manifest.json',
    '.runs/0002-other/cli/by-hand/manifest.json',
    `.runs/0001-sum/cli/${runId}/manifest.json`,
    `.runs/0001-sum/cli/${later}/manifest.json`,
  ]);
});

test('without evidence nobody is asked', async () => {
  await using review = await openCase();
  for (const [ports, environment, message] of [
    [{ taskId: '0003-none' }, {}, "there is no run of the task '0003-none'"],
    [{ taskId: '../0001-sum' }, {}, 'there is no run'],
    [{}, { MANIFEST: 'nowhere.json' }, "'nowhere.json' that MANIFEST names is not there"],
    [{}, { MANIFEST: '.runs' }, "'.runs' that MANIFEST names is not there"],
  ] as const) {
    await expect(review.run({ ports, environment })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining(message) as string,
    });
  }
  expect(review.asked).toEqual([]);
});

test('evidence that cannot be believed is said to the reviewer and to people', async () => {
  await using review = await openCase();
  const judgement = { isVerified: false, problem: 'its journal was cut', run: null };
  const { passes, warnings } = await review.run({ judgement });
  expect(passes).toBe(true);
  expect(warnings).toEqual([expect.stringContaining('its journal was cut')]);
  expect(review.asked[0]?.prompt).toContain('cannot be believed: its journal was cut');
});

test('a review that was ended is no verdict', async () => {
  await using review = await openCase();
  const controller = new AbortController();
  const act = () => {
    controller.abort();
  };
  const answer = review.run({ act, ports: { signal: controller.signal } });
  await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a pipe in the place of a new file keeps nobody waiting', async () => {
  await using review = await openCase();
  execFileSync('mkfifo', [review.gate.rig.path('pipe')]);
  execFileSync('ln', ['-s', '/etc/passwd', review.gate.rig.path('link')]);
  await review.run();
  const prompt = review.asked[0]?.prompt ?? '';
  expect(prompt).toContain('b/link\nnew file, not in the index of git\nnot shown: ');
  expect(prompt).not.toContain('root:');
});
