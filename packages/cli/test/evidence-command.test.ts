import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, onlyJson } from './call.js';
import type { CallResult } from './call.js';
import { pipelineOf } from './pipeline-of.js';

interface Document {
  readonly phase: string;
  readonly order: readonly string[];
  readonly builds: readonly { readonly role: string; readonly commit: string | null }[];
  readonly runs: readonly {
    readonly runId: string;
    readonly role: string;
    readonly manifestPath: string;
    readonly manifestSha256: string;
    readonly journalHead: string;
    readonly sample: { readonly commit: string; readonly tags: readonly string[] };
  }[];
}

async function rigWith(command = 'exit 0'): Promise<Rig> {
  const rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'build', command }) });
  return rig;
}

function evidence(rig: Rig, ...argv: string[]): Promise<CallResult> {
  return call(['evidence', ...argv, '--task=t', '--format=json'], { cwd: rig.root });
}

async function documentOf(rig: Rig, phase: string): Promise<Document> {
  return (await rig.readJson(`out/t/evidence/${phase}.json`)) as Document;
}

async function git(rig: Rig, ...argv: string[]): Promise<string> {
  const identity = ['-c', 'user.name=n', '-c', 'user.email=e@example.org'];
  const { stdout } = await promisify(execFile)('git', [...identity, ...argv], { cwd: rig.root });
  return stdout.trim();
}

test('numbers before and after come to a report whose records are checked', async () => {
  await using rig = await rigWith();
  expect((await evidence(rig, 'baseline', '--runs=2')).exitCode).toBe(0);
  const measured = await evidence(rig, 'post', '--runs=2', '--tag=mine');
  expect(onlyJson(measured)).toMatchObject({
    phase: 'post',
    outcome: 'measured',
    path: rig.path('out/t/evidence/post.json'),
    sides: [{ role: 'candidate', runs: 2, succeeded: 2 }],
  });
  const post = await documentOf(rig, 'post');
  expect(post.runs[0]?.sample.tags).toStrictEqual(['evidence', 'evidence-candidate', 'mine']);
  const report = await evidence(rig, 'report', '--min-runs=2');
  expect(report.exitCode).toBe(0);
  const answer = onlyJson(report) as { verification: { verdict: string }[] };
  expect(answer.verification.map(({ verdict }) => verdict)).toStrictEqual(
    Array.from({ length: 4 }, () => 'intact'),
  );
  const markdown = await rig.read('out/t/evidence/report.md');
  expect(markdown).toContain('## Baseline numbers');
  expect(markdown).toContain('## Post-change numbers');
  expect(markdown).toContain(post.runs[0]?.manifestSha256);
  expect(await rig.read('out/t/evidence/report.html')).toContain('<!doctype html>');
  const runs = onlyJson(await call(['runs', '--task=t', '--format=json'], { cwd: rig.root }));
  expect(runs['runs']).toHaveLength(4);
});

test('numbers are replaced only where that is asked for', async () => {
  await using rig = await rigWith();
  await evidence(rig, 'baseline', '--runs=1');
  const [first] = (await documentOf(rig, 'baseline')).runs;
  const refused = await evidence(rig, 'baseline', '--runs=1');
  expect(refused.exitCode).toBe(2);
  expect(onlyJson(refused)['error']).toMatchObject({ code: 'EVIDENCE_EXISTS' });
  expect((await evidence(rig, 'baseline', '--runs=1', '--force')).exitCode).toBe(0);
  const { runs } = await documentOf(rig, 'baseline');
  expect(runs).toHaveLength(1);
  expect(runs[0]?.runId).not.toBe(first?.runId);
});

test('a commit is measured in turns with the work tree, and all runs are recorded here', async () => {
  await using rig = await rigWith('cat speed');
  await git(rig, 'init', '-q');
  await rig.write({ speed: 'slow', '.gitignore': '.runs\nout\n' });
  await git(rig, 'add', '-A');
  await git(rig, 'commit', '-q', '-m', 'one');
  await git(rig, 'tag', 'old');
  await rig.write({ speed: 'fast' });
  await git(rig, 'commit', '-q', '-am', 'two');
  const measured = await evidence(rig, 'post', '--against=old', '--runs=3', '--seed=2');
  expect(onlyJson(measured)).toMatchObject({
    sides: [
      { role: 'base', runs: 3, succeeded: 3 },
      { role: 'candidate', runs: 3, succeeded: 3 },
    ],
  });
  const { builds, order, runs } = await documentOf(rig, 'post');
  const commits = {
    base: await git(rig, 'rev-parse', 'old'),
    candidate: await git(rig, 'rev-parse', 'HEAD'),
  };
  expect(builds).toMatchObject([
    { role: 'base', commit: commits.base },
    { role: 'candidate', commit: commits.candidate },
  ]);
  for (const round of [0, 2, 4]) {
    expect([...order.slice(round, round + 2)].sort()).toStrictEqual(['base', 'candidate']);
  }
  for (const { role, runId, sample } of runs) {
    expect(sample.commit).toBe(commits[role as 'base' | 'candidate']);
    const log = await rig.read(`.runs/t/cli/${runId}/commands/01-build.log`);
    expect(log).toBe(role === 'base' ? 'slow' : 'fast');
  }
  expect((await git(rig, 'worktree', 'list')).split('\n')).toHaveLength(1);
  const report = await evidence(rig, 'report', '--min-runs=3');
  expect(onlyJson(report)).toMatchObject({
    comparison: { before: { label: 'old', measured: 3 }, after: { label: 'post', measured: 3 } },
  });
  expect((await call(['verify', '--all'], { cwd: rig.root })).exitCode).toBe(0);
});

test.each<[what: string, change: (rig: Rig, runDir: string) => Promise<void>, verdict: string]>([
  [
    'was altered',
    async (rig, runDir) => rig.write({ [`${runDir}/commands/01-build.log`]: 'other' }),
    'damaged',
  ],
  ['is gone', async (rig, runDir) => rm(rig.path(runDir), { recursive: true }), 'missing'],
])('a record that %s is named, and nothing is judged', async (_what, change, verdict) => {
  await using rig = await rigWith('echo x');
  await evidence(rig, 'baseline', '--runs=2');
  await evidence(rig, 'post', '--runs=2');
  const { runId = '' } = (await documentOf(rig, 'baseline')).runs[1] ?? {};
  await change(rig, `.runs/t/cli/${runId}`);
  const report = await evidence(rig, 'report', '--min-runs=2');
  expect(report.exitCode).toBe(1);
  const answer = onlyJson(report) as { verification: { runId: string; verdict: string }[] };
  expect(answer).toMatchObject({ verdict: 'not-judged' });
  expect(answer).toMatchObject({ reason: expect.stringContaining(runId) as string });
  expect(answer.verification.filter((run) => run.verdict !== 'intact')).toMatchObject([
    { runId, verdict, side: 'before' },
  ]);
  expect(await rig.read('out/t/evidence/report.md')).toContain(runId);
});

test('a run that went on after it was measured is named, and nothing is judged', async () => {
  await using rig = await rigWith('test -e fixed');
  await evidence(rig, 'baseline', '--runs=1');
  await evidence(rig, 'post', '--runs=1');
  await rig.write({ fixed: '' });
  const { runId = '' } = (await documentOf(rig, 'post')).runs[0] ?? {};
  expect((await call(['resume', '--run', runId], { cwd: rig.root })).exitCode).toBe(0);
  const report = await evidence(rig, 'report');
  expect(report.exitCode).toBe(1);
  expect(onlyJson(report)).toMatchObject({
    verdict: 'not-judged',
    verification: [{ verdict: 'intact' }, { runId, verdict: 'changed', side: 'after' }],
  });
});

test('numbers that were made better by hand are not those of the record', async () => {
  await using rig = await rigWith();
  await evidence(rig, 'baseline', '--runs=1');
  await evidence(rig, 'post', '--runs=1');
  const text = await rig.read('out/t/evidence/post.json');
  await rig.write({
    'out/t/evidence/post.json': text.replace(/"durationMs": [\d.]+/, '"durationMs": 1'),
  });
  const report = await evidence(rig, 'report');
  expect(report.exitCode).toBe(1);
  expect(onlyJson(report)).toMatchObject({ verdict: 'not-judged' });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s ends the run that is on its way and those to come; what was measured is kept',
  async (signal, code) => {
    await using rig = await rigWith('if test -e again; then exec sleep 60; fi; touch again');
    let started = 0;
    const result = await call(['evidence', 'baseline', '--task=t', '--runs=4'], {
      cwd: rig.root,
      onError: (text, send) => {
        started += text.split('build started').length - 1;
        if (started === 2 && text.includes('build started')) send(signal);
      },
    });
    expect(result.exitCode).toBe(code);
    expect(result.stdout).toContain('Interrupted');
    expect((await documentOf(rig, 'baseline')).runs).toHaveLength(1);
    const runs = onlyJson(await call(['runs', '--task=t', '--format=json'], { cwd: rig.root }));
    expect(runs['runs']).toMatchObject([{ status: 'cancelled' }, { status: 'succeeded' }]);
  },
);

test('runs that fail are kept; where none succeeds the answer is no', async () => {
  await using rig = await rigWith('exit 3');
  const result = await evidence(rig, 'baseline', '--runs=2');
  expect(result.exitCode).toBe(1);
  expect(onlyJson(result)).toMatchObject({ sides: [{ runs: 2, succeeded: 0, median_ms: null }] });
  expect((await documentOf(rig, 'baseline')).runs).toHaveLength(2);
});

test('a baseline alone is a report without a comparison; nothing at all is an error', async () => {
  await using rig = await rigWith();
  const missing = await evidence(rig, 'report');
  expect(missing.exitCode).toBe(2);
  expect(onlyJson(missing)['error']).toMatchObject({ code: 'EVIDENCE_NOT_FOUND' });
  await evidence(rig, 'baseline', '--runs=1');
  const report = await evidence(rig, 'report');
  expect(report.exitCode).toBe(0);
  expect(onlyJson(report)).toMatchObject({ comparison: null, page: null });
  await rig.write({ 'out/t/evidence/post.json': '{"schema":"evidence/v1"}' });
  const damaged = await evidence(rig, 'report');
  expect(damaged.exitCode).toBe(3);
  expect(onlyJson(damaged)['error']).toMatchObject({ code: 'EVIDENCE_UNREADABLE' });
});

test('a base that is not there is refused before anything runs', async () => {
  await using rig = await rigWith();
  const result = await evidence(rig, 'post', '--against=nowhere', '--runs=1');
  expect(result.exitCode).toBe(2);
  expect(onlyJson(result)['error']).toMatchObject({ code: 'BASE_UNAVAILABLE' });
  expect(await rig.list()).toStrictEqual(['codex.orchestrator.json']);
});

test('the markdown for an action plan can be printed', async () => {
  await using rig = await rigWith();
  await evidence(rig, 'baseline', '--runs=1');
  const argv = ['evidence', 'report', '--task=t', '--format=markdown'];
  const { stdout } = await call(argv, { cwd: rig.root });
  expect(stdout).toBe(await rig.read('out/t/evidence/report.md'));
});
