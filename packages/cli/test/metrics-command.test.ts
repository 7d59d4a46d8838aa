import { utimes } from 'node:fs/promises';

import { systemClock } from '@codex-orchestrator/core';
import { createManualClock, createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, jsonLines, onlyJson } from './call.js';
import type { CallResult } from './call.js';

const history = '.runs/t/metrics.json';

type Entry = Readonly<Record<string, unknown>>;

/** A finished run of the pipeline `p` with the stages `build` and `test`; numbers count up from 1. */
function entryOf(number: number, members: Entry = {}): Entry {
  const day = String(number).padStart(2, '0');
  return {
    run_id: `2026-01-${day}T00-00-00-000Z-0000000${String(number % 10)}`,
    task_id: 't',
    pipeline_id: 'p',
    status: 'succeeded',
    recorded_at: `2026-01-${day}T00:00:00.000Z`,
    duration_seconds: number,
    stages: [
      { id: 'build', status: 'succeeded', duration_seconds: number / 4, attempts: 1 },
      { id: 'test', status: members['status'] ?? 'succeeded', duration_seconds: 1, attempts: 1 },
    ],
    ...members,
  };
}

function linesOf(...entries: readonly (Entry | string)[]): string {
  return entries
    .map((entry) => `${typeof entry === 'string' ? entry : JSON.stringify(entry)}\n`)
    .join('');
}

/** An hour from now: whoever wrote to the files has been done for long. */
const later = createManualClock(Date.now() + 3_600_000);

function metrics(rig: Rig, ...argv: string[]): Promise<CallResult> {
  return call(['metrics', ...argv, '--task=t'], { cwd: rig.root, clock: later });
}

async function json(rig: Rig, ...argv: string[]): Promise<Record<string, unknown>> {
  return onlyJson(await metrics(rig, ...argv, '--format=json'));
}

const five = [1, 2, 3, 4, 5].map((number) => entryOf(number));

test('an empty history is an answer: show, export, baseline and doctor say so', async () => {
  await using rig = await createRig();
  const shown = await metrics(rig, 'show');
  expect(shown).toMatchObject({ exitCode: 0, stderr: '' });
  expect(shown.stdout).toContain('No run of task t is counted yet');
  expect(await json(rig, 'show')).toStrictEqual({
    task_id: 't',
    history,
    is_current: true,
    counted: null,
    baseline: null,
    post_rollout: null,
    completeness: null,
    per_epoch: null,
    mttr_delta: null,
    learning_state: null,
    summary: null,
  });
  expect((await metrics(rig, 'show', '--format=csv')).stdout).toMatch(/^pipeline,stage,runs/);
  expect(await metrics(rig, 'export')).toStrictEqual({
    exitCode: 0,
    stdout: '',
    stderr: 'codex-orchestrator: no such entries of task t\n',
  });
  expect(await json(rig, 'export')).toStrictEqual({ task_id: 't', entries: [] });
  expect(await json(rig, 'baseline', 'show')).toStrictEqual({ task_id: 't', baseline: null });
  expect(await json(rig, 'doctor')).toMatchObject({ status: 'ok', totals: null });
  expect((await metrics(rig, 'export', '--format=prometheus')).exitCode).toBe(0);
  expect(await rig.list()).toStrictEqual([]);
});

test('update counts what is new, names what is damaged, and then finds nothing new', async () => {
  await using rig = await createRig();
  await rig.write({ [history]: linesOf(...five.slice(0, 2), '{ torn', entryOf(1)) });
  const first = await metrics(rig, 'update', '--format=json');
  expect(first).toMatchObject({ exitCode: 0, stderr: '' });
  const offset = Buffer.byteLength(linesOf(...five.slice(0, 2)));
  expect(onlyJson(first)).toMatchObject({
    task_id: 't',
    outcome: 'rebuilt',
    rebuilt_because: 'no-checkpoint',
    lines: 4,
    entries: 2,
    repeated: 1,
    damaged_lines: 1,
    damaged: [{ segment: 'metrics.json', offset, bytes: 6, reason: 'not-json' }],
    totals: { runs: 2, lines: 4, damaged_lines: 1, segments: 1 },
  });
  expect(await json(rig, 'update')).toMatchObject({ outcome: 'unchanged', outputs_written: [] });
  expect((await metrics(rig, 'update')).stdout).toMatch(/^Nothing new\nTotal: 2 runs in 4 lines/);
  await rig.write({ [history]: `${await rig.read(history)}${linesOf(entryOf(3))}` });
  const third = await metrics(rig, 'update');
  expect(third.stdout).toMatch(/^Updated in \S+\nLines: 1 new line, 1 counted\nWritten:\n/);
  expect(third.stdout).toContain('  .runs/t/metrics/summary.json\n');
});

test('a document that was spoilt is named and left out, and the next update writes it again', async () => {
  await using rig = await createRig();
  await rig.write({ [history]: linesOf(...five) });
  await json(rig, 'update');
  const before = await json(rig, 'show');
  await rig.write({ 'out/t/state.json': '{"safety":1}', '.runs/t/metrics/summary.json': '{' });
  const shown = await metrics(rig, 'show', '--format=json');
  expect(shown.exitCode).toBe(0);
  expect(onlyJson(shown)).toMatchObject({ summary: null, learning_state: null });
  expect(shown.stderr).toContain('warning: .runs/t/metrics/summary.json says nothing usable');
  expect((await metrics(rig, 'export', '--format=prometheus')).exitCode).toBe(0);
  await json(rig, 'update');
  const after = await json(rig, 'show');
  expect(Object.keys(after)).toStrictEqual(Object.keys(before));
  expect(after).toMatchObject({ summary: { totals: { runs: 5 } }, learning_state: { alerts: {} } });
});

test('rebuild comes to the same documents', async () => {
  await using rig = await createRig();
  await rig.write({ [history]: linesOf(...five) });
  await json(rig, 'update');
  const before = await json(rig, 'show');
  expect(await json(rig, 'rebuild')).toMatchObject({
    outcome: 'rebuilt',
    rebuilt_because: 'asked',
    lines: 5,
    outputs_written: [],
  });
  const after = await json(rig, 'show');
  expect({ ...after, counted: null }).toStrictEqual({ ...before, counted: null });
});

test('show has a row per pipeline, and per stage where they are asked for', async () => {
  await using rig = await createRig();
  const other = entryOf(6, { pipeline_id: 'q', status: 'failed', stages: [] });
  await rig.write({ [history]: linesOf(...five, other) });
  await json(rig, 'update');
  const { stdout } = await metrics(rig, 'show');
  expect(stdout).toContain('Runs:         6, 5 of them succeeded (83.3%)\n');
  expect(stdout).toMatch(/^p +5 +100\.0% .*▂▄▅▇█$/m);
  expect(stdout).toMatch(/^q +1 +0\.0% /m);
  expect(stdout).not.toContain('build');
  expect((await metrics(rig, 'show', '--stages')).stdout).toMatch(/^ {2}build +5 +100\.0%/m);
  const chosen = (await metrics(rig, 'show', '--pipeline', 'p')).stdout;
  expect(chosen).toMatch(/^ {2}test +5/m);
  expect(chosen).not.toMatch(/^q /m);
  expect(await json(rig, 'show', '--pipeline=qq')).toMatchObject({
    error: { code: 'PIPELINE_NOT_FOUND', hint: 'Did you mean `q`?' },
    exit_code: 2,
  });
  expect((await metrics(rig, 'show', '--format=csv')).stdout).toMatch(/^p,build,5,5,0,1,/m);
  expect(await json(rig, 'show')).toMatchObject({
    counted: { runs: 6, lines: 6, damaged_lines: 0, segments: 1 },
    post_rollout: { total_runs: 6, succeeded_runs: 5 },
    summary: { totals: { runs: 6 } },
  });
});

test('colours are for terminals, and bars for those that can show them', async () => {
  await using rig = await createRig();
  await rig.write({ [history]: linesOf(...five, entryOf(6, { status: 'failed' })) });
  await json(rig, 'update');
  const options = { cwd: rig.root, isTTY: true };
  const { stdout } = await call(['metrics', 'show', '--task=t'], options);
  expect(stdout).toContain('\u001b[31m×\u001b[39m');
  const plain = { ...options, env: { LANG: 'C', NO_COLOR: '1' } };
  const ascii = (await call(['metrics', 'show', '--task=t'], plain)).stdout;
  expect(ascii).toMatch(/^[\n -~]*$/);
  expect(ascii).toContain(':=+#@x');
});

test('export prints entries in order, filtered, in each format', async () => {
  await using rig = await createRig();
  const other = entryOf(6, { pipeline_id: 'q', status: 'failed' });
  await rig.write({ [history]: linesOf(...five, '{ torn', other) });
  expect(jsonLines(await metrics(rig, 'export'))).toStrictEqual([...five, other]);
  expect(
    jsonLines(await metrics(rig, 'export', '--format=ndjson', '--status=failed')),
  ).toStrictEqual([other]);
  expect(await json(rig, 'export', '--pipeline', 'p', '--since', '2026-01-04')).toStrictEqual({
    task_id: 't',
    entries: five.slice(3),
  });
  expect(await json(rig, 'export', '--since=2026-01-05T00:00:00.001+00:00')).toMatchObject({
    entries: [{ pipeline_id: 'q' }],
  });
  const csv = (await metrics(rig, 'export', '--format=csv')).stdout.split('\r\n');
  expect(csv).toHaveLength(8);
  expect(csv[1]).toContain('2026-01-01T00-00-00-000Z-00000001');
});

test('export for Prometheus prints the totals of the task', async () => {
  await using rig = await createRig();
  await rig.write({ [history]: linesOf(...five) });
  await json(rig, 'update');
  const { stdout, exitCode } = await metrics(rig, 'export', '--format=prometheus');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^# HELP \S+ /m);
  expect(stdout).toMatch(/^[a-z_]+_runs_total\{task="t"\} 5$/m);
});

test('rotate begins a new file, prune shortens old ones, and what is counted stays', async () => {
  await using rig = await createRig();
  await rig.write({
    [history]: linesOf(...five.map((entry) => ({ ...entry, ballast: 'x'.repeat(400) }))),
  });
  await json(rig, 'update');
  const { summary: before } = await json(rig, 'show');
  const rotated = await json(rig, 'rotate');
  expect(rotated['segment']).toMatch(/^metrics-.*\.ndjson$/);
  expect(rotated['compressed']).toStrictEqual([]);
  await rig.write({ [history]: linesOf(entryOf(6)) });
  await json(rig, 'update');
  expect(await json(rig, 'rotate', '--gzip')).toMatchObject({ update: { totals: { runs: 6 } } });
  expect((await metrics(rig, 'rotate')).stdout).toMatch(/^Nothing to rotate/);
  const dry = await metrics(rig, 'prune', '--keep=1', '--dry-run');
  expect(dry.stdout).toMatch(/^Would shorten: metrics-/);
  const pruned = await json(rig, 'prune', '--keep=1');
  expect(pruned).toMatchObject({
    dry_run: false,
    pruned: [{ name: `${String(rotated['segment'])}.gz` }],
  });
  expect(await json(rig, 'rebuild')).toMatchObject({ totals: { runs: 6, lines: 6 } });
  const { summary: after } = await json(rig, 'show');
  expect(after).toMatchObject({ totals: { runs: 6 } });
  expect(before).toMatchObject({ totals: { runs: 5 } });
});

test('a baseline can be set and cleared, and says by whom', async () => {
  await using rig = await createRig();
  await rig.write({ [history]: linesOf(...five) });
  await json(rig, 'update');
  expect(await json(rig, 'baseline', 'show')).toMatchObject({
    baseline: { run_id: five[0]?.['run_id'] },
  });
  const run = String(five[3]?.['run_id']);
  const set = await json(rig, 'baseline', 'set', '--run', run, '--reason', 'new machine');
  expect(set).toMatchObject({
    baseline: { run_id: run, source: 'set', actor: 'cli', reason: 'new machine' },
  });
  expect((await metrics(rig, 'baseline', 'show')).stdout).toContain('Chosen:   by cli\n');
  expect((await metrics(rig, 'show')).stdout).toContain('faster than the baseline (4.00s)');
  expect(await json(rig, 'baseline', 'clear')).toMatchObject({
    baseline: { run_id: five[0]?.['run_id'] },
  });
  expect(await json(rig, 'baseline', 'set', '--run', 'absent')).toMatchObject({
    error: { code: 'ENTRY_NOT_FOUND' },
    exit_code: 2,
  });
});

test('doctor names what is damaged, and what to do about it', async () => {
  await using rig = await createRig();
  await rig.write({ [history]: linesOf(...five, '{ torn') });
  expect(await json(rig, 'doctor')).toMatchObject({
    status: 'ok',
    findings: [{ severity: 'info', fix: 'codex-orchestrator metrics update --task t' }],
    totals: null,
  });
  await json(rig, 'update');
  const result = await metrics(rig, 'doctor', '--format=json');
  const offset = Buffer.byteLength(linesOf(...five));
  expect(result.exitCode).toBe(0);
  expect(onlyJson(result)).toMatchObject({
    status: 'warning',
    findings: [{ severity: 'warning', path: history, offset }],
    totals: { runs: 5, damaged_lines: 1 },
  });
  const { stdout } = await metrics(rig, 'doctor');
  expect(stdout).toContain(`warning  LINE_DAMAGED: ${history}, byte ${offset}: `);
});

test('doctor exits 1 where what is counted is wrong', async () => {
  await using rig = await createRig();
  const time = new Date('2026-01-06T06:53:37.000Z');
  const write = async (...entries: readonly Entry[]): Promise<void> => {
    await rig.write({ [history]: linesOf(...entries) });
    await utimes(rig.path(history), time, time);
  };
  await write(...five);
  await json(rig, 'update');
  // Behind everybody's back: neither size nor time tells.
  await write(...five.slice(0, 4), { ...five[4], duration_seconds: 9 });
  const result = await metrics(rig, 'doctor');
  expect(result.exitCode).toBe(1);
  expect(result.stdout).toMatch(/^Status: error\n {2}error {4}AGGREGATES_DIFFER: /);
  expect(result.stdout).toContain('codex-orchestrator metrics rebuild --task t');
  await json(rig, 'rebuild');
  expect(await json(rig, 'doctor')).toMatchObject({ status: 'ok', findings: [] });
});

test.each([
  [['show', '--format=yaml'], 'USAGE'],
  [['show', '--format=prometheus'], 'USAGE'],
  [['prune'], 'USAGE'],
  [['prune', '--keep=-1'], 'USAGE'],
  [['baseline', 'set'], 'USAGE'],
  [['export', '--since=yesterday'], 'USAGE'],
  [['export', '--since=2026-13-01'], 'USAGE'],
  [['export', '--status=done'], 'USAGE'],
  [['export', '--format=prometheus', '--since=2026-01-01'], 'USAGE'],
  [['update', '--task=../x'], 'INVALID_ID'],
  [['frobnicate'], 'USAGE'],
  [['baseline', 'frobnicate'], 'USAGE'],
])('%j is refused with %s', async (argv, code) => {
  await using rig = await createRig();
  const isJson = !argv.some((word) => word.startsWith('--format'));
  const result = await call(['metrics', ...argv, ...(isJson ? ['--format=json'] : [])], {
    cwd: rig.root,
  });
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toMatch(/^codex-orchestrator: /);
  if (isJson) expect(onlyJson(result)).toMatchObject({ error: { code }, exit_code: 2 });
  else expect(result.stdout).toBe('');
});

test('a wrong limit in the environment is refused before anything is read', async () => {
  await using rig = await createRig();
  const env = { CODEX_METRICS_MAX_BYTES: 'many' };
  const result = await call(['metrics', 'update', '--task=t'], { cwd: rig.root, env });
  expect(result.exitCode).toBe(2);
  expect(await rig.list()).toStrictEqual([]);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s ends a rebuild with %i and leaves everything as it was',
  async (signal, exitCode) => {
    await using rig = await createRig();
    await rig.write({ [history]: linesOf(...five) });
    await json(rig, 'update');
    const { counted: before } = await json(rig, 'show');
    const line = linesOf(entryOf(6, { ballast: 'x'.repeat(60_000) }));
    await rig.write({ [history]: `${await rig.read(history)}${line.repeat(300)}` });
    // Every look at this clock is a second later: progress is shown at once.
    let elapsedMs = 0;
    const clock = { ...systemClock, monotonicMs: () => (elapsedMs += 1000) };
    let shown = '';
    const result = await call(['metrics', 'rebuild', '--task=t'], {
      cwd: rig.root,
      clock,
      isTTY: true,
      onError(text, send) {
        shown += text;
        send(signal);
      },
    });
    const [, drawn, ...behind] = shown.split('\r\u001b[2K');
    expect(drawn).toMatch(/^Counting: [\d.]+ MB of 1[89]\.\d MB \(\d+%\), /);
    expect(behind).toStrictEqual(['']);
    expect(result).toMatchObject({
      exitCode,
      stdout: 'Interrupted: what was counted is as it was\n',
    });
    const after = await json(rig, 'show');
    expect(after).toMatchObject({ counted: before, is_current: false });
    expect(await json(rig, 'update')).toMatchObject({ outcome: 'updated', lines: 300, entries: 1 });
  },
);
