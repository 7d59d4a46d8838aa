import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { run } from '../src/commands/report.js';
import type { ReportOptions } from '../src/commands/report.js';
import { recordResults } from '../src/history/bench-history.js';
import { writeResults } from '../src/results/results-file.js';
import type { BenchResults } from '../src/results/result.js';
import { exactResults, timeResults } from './fixtures/bench-results.js';

async function report(rig: Rig, options: ReportOptions = {}) {
  const said = { stdout: '', stderr: '' };
  const output = {
    stdout: (text: string) => void (said.stdout += text),
    stderr: (text: string) => void (said.stderr += text),
  };
  const exitCode = await run({ root: rig.root, env: {}, output, ...options });
  return { exitCode, ...said };
}

async function rigWith(...results: readonly BenchResults[]): Promise<Rig> {
  const rig = await createRig();
  for (const each of results) await writeResults(rig.root, each);
  return rig;
}

test('a report of what holds exits with 0, one of what regressed with 1', async () => {
  await using fine = await rigWith(exactResults);
  expect(await report(fine)).toMatchObject({ exitCode: 0, stderr: '' });
  await using regressed = await rigWith(exactResults, timeResults);
  const { exitCode, stdout } = await report(regressed);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('Of 5 guards: 1 regressed, 1 undecided.');
});

test('a guard without a result, of a project that was run, fails the report by name', async () => {
  await using rig = await rigWith(exactResults);
  await rig.write({
    'packages/core/bench/start.bench.mjs': '',
    'packages/cli/bench/a.bench.mjs': '',
  });
  const table = await report(rig);
  expect(table.exitCode).toBe(2);
  expect(table.stderr).toBe('no result of core/start\n');
  expect(table.stdout).toContain('core/start failed: there is no result');
  expect((await report(rig, { project: 'core' })).stderr).toBe('no result of core/start\n');
  const all = await report(rig, { all: true, format: 'junit' });
  expect(all.stderr).toBe('no result of cli/a\nno result of core/start\n');
  expect(all.stdout).toContain('name="cli/a"');
});

test('without any results, and with a project that has none, there is no report', async () => {
  await using rig = await rigWith(exactResults);
  await expect(report(rig, { project: ['core', 'cli'] })).rejects.toMatchObject({
    code: 'RESULT_MISSING',
  });
  await using empty = await createRig();
  await empty.write({ 'packages/core/package.json': '{}' });
  await expect(report(empty)).rejects.toMatchObject({ code: 'RESULT_MISSING' });
});

test('what is undecided is fine unless it is said to be strict', async () => {
  await using rig = await rigWith({ ...timeResults, guards: timeResults.guards.slice(1) });
  expect(await report(rig)).toMatchObject({ exitCode: 0 });
  expect(await report(rig, { strict: true })).toMatchObject({ exitCode: 3 });
});

test('a report goes to a file, and beside it to the summary of the step', async () => {
  await using rig = await rigWith(exactResults);
  await rig.write({ 'summary.md': 'before\n' });
  const env = { GITHUB_STEP_SUMMARY: rig.path('summary.md') };
  const { stdout } = await report(rig, {
    format: 'html',
    out: 'page.html',
    stepSummary: true,
    env,
  });
  expect(stdout).toBe('');
  expect(await rig.read('page.html')).toMatch(/^<!doctype html>/i);
  expect(await rig.read('summary.md')).toMatch(/^before\n## Performance guards\n/);
});

test('the trend is a note that decides nothing', async () => {
  await using rig = await rigWith(exactResults);
  const at = (day: number, writes: number): BenchResults => ({
    ...exactResults,
    startedAt: `2026-01-1${day}T00:00:00.000Z`,
    guards: exactResults.guards.map((guard) => ({
      ...guard,
      measures: guard.measures.map((each) =>
        each.name === 'writes' ? { ...each, value: writes } : each,
      ),
    })),
  });
  await recordResults(
    rig.root,
    [0, 1, 2, 3, 4].map((day) => at(day, 1)),
    0,
  );
  await recordResults(rig.root, [at(6, 2)], 0);
  const { exitCode, stdout } = await report(rig, { trend: true, format: 'markdown' });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('writes is 2, above 1');
});

test('an unknown format is refused, and a place that cannot be written named', async () => {
  await using rig = await rigWith(exactResults);
  await expect(report(rig, { format: 'pdf' })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  await rig.write({ file: '' });
  await expect(report(rig, { out: 'file/page.html' })).rejects.toMatchObject({
    code: 'OUTPUT_WRITE_FAILED',
  });
});
