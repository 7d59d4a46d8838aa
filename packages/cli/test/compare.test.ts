import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, onlyJson } from './call.js';
import type { CallResult } from './call.js';
import { entryAt, rigWithHistory, twoSides } from './compare-rig.js';
import { pipelineOf } from './pipeline-of.js';

interface Compared {
  readonly schema: string;
  readonly verdict: string;
  readonly before: { readonly runIds: readonly string[]; readonly measured: number };
  readonly after: { readonly runIds: readonly string[]; readonly measured: number };
  readonly notes: readonly string[];
}

function compared(result: CallResult): Compared {
  return onlyJson(result) as unknown as Compared;
}

function metric(result: CallResult, id: string): unknown {
  const { metrics } = onlyJson(result) as { metrics: readonly { readonly id: string }[] };
  return metrics.find((each) => each.id === id);
}

const sides = ['compare', '--task=t', '--before=tag=old', '--after=tag=new'];

test('slower runs are a regression: said as text, and an exit code only where it was asked for', async () => {
  await using rig = await rigWithHistory(twoSides(1.5));
  const plain = await call(sides, { cwd: rig.root });
  expect(plain).toMatchObject({ exitCode: 0, stderr: '' });
  expect(plain.stdout).toMatch(/^regressed: .*duration/);
  expect((await call([...sides, '--fail-on=regression'], { cwd: rig.root })).exitCode).toBe(1);
  const json = compared(await call([...sides, '--format=json'], { cwd: rig.root }));
  expect(json).toMatchObject({
    schema: 'compare/v1',
    verdict: 'regressed',
    before: { label: 'tag=old', measured: 10 },
    after: { label: 'tag=new', measured: 10 },
  });
  const markdown = await call([...sides, '--format=markdown'], { cwd: rig.root });
  expect(markdown.stdout).toMatch(/^\*\*Regressed\*\*/);
  expect(markdown.stdout).toContain('| metric |');
});

test('the same runs and seed give the same answer, to the byte', async () => {
  await using rig = await rigWithHistory(twoSides(1.02));
  const argv = [...sides, '--format=json', '--seed=7'];
  const first = await call(argv, { cwd: rig.root });
  expect(await call(argv, { cwd: rig.root })).toStrictEqual(first);
});

test('equal runs fail no gate', async () => {
  await using rig = await rigWithHistory(twoSides(1));
  const result = await call([...sides, '--fail-on=undecided', '--format=json'], { cwd: rig.root });
  expect(compared(result).verdict).toBe('unchanged');
  expect(result.exitCode).toBe(0);
});

test('too few runs are not judged, which fails only the gate that asks for a decision', async () => {
  await using rig = await rigWithHistory(twoSides(2));
  const few = ['compare', '--task=t', '--before=tag=old,last=2', '--after=tag=new,last=2'];
  const regression = await call([...few, '--fail-on=regression', '--format=json'], {
    cwd: rig.root,
  });
  expect(compared(regression)).toMatchObject({ verdict: 'not-judged', before: { measured: 2 } });
  expect(regression.exitCode).toBe(0);
  const undecided = await call([...few, '--fail-on=undecided'], { cwd: rig.root });
  expect(undecided.exitCode).toBe(1);
  expect(undecided.stdout).toContain('not judged');
});

test('runs of two machines are not judged', async () => {
  const [first, ...others] = twoSides(2);
  const machine = { ...(first?.['machine'] as object), id: 'bbbbbbbbbbbb' };
  await using rig = await rigWithHistory([{ ...first, machine }, ...others]);
  const result = await call([...sides, '--format=json'], { cwd: rig.root });
  expect(compared(result).verdict).not.toBe('regressed');
  expect(metric(result, 'duration')).toMatchObject({
    verdict: 'not-judged',
    reason: 'the runs before are of 2 machines',
  });
});

test('a selector that selects nothing is an error that names what there is', async () => {
  await using rig = await rigWithHistory(twoSides(1));
  const argv = ['compare', '--task=t', '--before=tag=oldd', '--after=tag=new'];
  const result = await call([...argv, '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(2);
  expect(onlyJson(result)['error']).toMatchObject({
    code: 'NOTHING_TO_COMPARE',
    selector: 'tag=oldd',
    pipelines: [{ name: 'p', runs: 20 }],
    tags: [
      { name: 'old', runs: 10 },
      { name: 'new', runs: 10 },
    ],
  });
  expect((await call(argv, { cwd: rig.root })).stderr).toContain(
    'Tags: old (10 runs), new (10 runs)',
  );
});

test.each([
  [['compare', '--before=tag=a'], /needs `--after/],
  [['compare', '--before=tg=a', '--after=tag=b'], /`tg` is no key/],
  [[...sides, '--level=2'], /--level/],
])('%j is a wrong call', async (argv, message) => {
  await using rig = await rigWithHistory(twoSides(1));
  const { exitCode, stderr } = await call(argv, { cwd: rig.root });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(message);
});

test('a run on both sides is refused', async () => {
  await using rig = await rigWithHistory(twoSides(1));
  const argv = ['compare', '--task=t', '--before=pipeline=p', '--after=tag=new', '--format=json'];
  const result = await call(argv, { cwd: rig.root });
  expect(result.exitCode).toBe(2);
  expect(onlyJson(result)['error']).toMatchObject({ code: 'RUN_ON_BOTH_SIDES' });
});

test('the latest attempt of a run decides how it ended', async () => {
  const failed = entryAt(3, { status: 'failed' });
  const entries = [failed, ...twoSides(1), { ...failed, attempt: 2, status: 'succeeded' }];
  const again = entryAt(60, { tags: ['new'] });
  await using rig = await rigWithHistory([
    ...entries,
    again,
    { ...again, attempt: 2, status: 'failed' },
  ]);
  const argv = ['compare', '--task=t', '--before=tag=old,status=succeeded'];
  const result = await call([...argv, '--after=tag=new,status=succeeded', '--format=json'], {
    cwd: rig.root,
  });
  expect(compared(result)).toMatchObject({ before: { measured: 10 }, after: { measured: 10 } });
  expect(compared(result).after.runIds).not.toContain(again['run_id']);
});

test('the two sides can be of two tasks', async () => {
  await using rig = await rigWithHistory(twoSides(1).slice(0, 10));
  const other = twoSides(1.5).slice(10);
  const lines = other.map((entry) => `${JSON.stringify({ ...entry, task_id: 'u' })}\n`);
  await rig.write({ '.runs/u/metrics.json': lines.join('') });
  const argv = ['compare', '--before=task=t', '--after=task=u', '--format=json'];
  expect(compared(await call(argv, { cwd: rig.root }))).toMatchObject({
    verdict: 'regressed',
    before: { measured: 10 },
    after: { measured: 10 },
  });
});

test('of a long history the newest thousand runs of a side are looked at, and that is said', async () => {
  const many = Array.from({ length: 5200 }, (_, minute) => entryAt(minute, { tags: ['old'] }));
  await using rig = await rigWithHistory([
    ...many,
    ...twoSides(1)
      .slice(10)
      .map((entry, at) => ({
        ...entry,
        ...entryAt(6000 + at, { tags: ['new'] }),
      })),
  ]);
  const json = compared(await call([...sides, '--format=json'], { cwd: rig.root }));
  expect(json.before.measured).toBe(1000);
  expect(json.before.runIds).toContain(entryAt(5199)['run_id']);
  expect(json.before.runIds).not.toContain(entryAt(4199)['run_id']);
  expect(json.notes.join('\n')).toContain('4200 older ones were left out');
});

test('what the record of a run says wins over its line in the history; a run without a line has its record', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'build', command: 'exit 0' }) });
  const start = async (tag: string): Promise<string> => {
    const answer = await call(['start', '--task=t', `--tag=${tag}`, '--format=json'], {
      cwd: rig.root,
    });
    return String(onlyJson(answer)['run_id']);
  };
  const before = await start('old');
  const after = await start('new');
  const lines = (await rig.read('.runs/t/metrics.json')).trimEnd().split('\n');
  const entry = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  await rig.write({
    '.runs/t/metrics.json': `${JSON.stringify({ ...entry, duration_seconds: 9999, active_seconds: 9999 })}\n`,
  });
  const argv = ['compare', '--task=t', '--before', `run=${before}`, '--after', `run=${after}`];
  const json = onlyJson(await call([...argv, '--format=json'], { cwd: rig.root })) as {
    metrics: { id: string; before: { median: number }; after: { median: number } }[];
  };
  const duration = json.metrics.find(({ id }) => id === 'duration');
  expect(duration?.before.median).toBeLessThan(60_000);
  expect(duration?.after.median).toBeGreaterThan(0);
  const gone = `run=${before.slice(0, -4)}0000`;
  const missing = await call(['compare', '--task=t', '--before', gone, '--after', `run=${after}`], {
    cwd: rig.root,
  });
  expect(missing.exitCode).toBe(2);
  expect(missing.stderr).toContain('no such run');
});

test('the comparison is written as a page where one is asked for', async () => {
  await using rig = await rigWithHistory(twoSides(1.5));
  const result = await call([...sides, '--html=pages/compare.html'], { cwd: rig.root });
  expect(result.stdout).toContain(`Page: ${rig.path('pages/compare.html')}`);
  const page = await rig.read('pages/compare.html');
  expect(page).toContain('<!doctype html>');
  expect(page).not.toContain('<script');
});

test('a history that cannot be understood line by line costs those lines alone', async () => {
  await using rig = await rigWithHistory(twoSides(1));
  const good = await rig.read('.runs/t/metrics.json');
  await rig.write({ '.runs/t/metrics.json': `{"broken\n${good}[]\n{"run_id":1}\n` });
  expect(compared(await call([...sides, '--format=json'], { cwd: rig.root })).before.measured).toBe(
    10,
  );
});
