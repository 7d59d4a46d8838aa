import { mkdirSync, symlinkSync } from 'node:fs';

import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { delegationGuard } from '../../src/delegation-guard/delegation-guard.js';
import type { GatePorts } from '../../src/gate/gate-ports.js';
import type { GateResult } from '../../src/gate/gate-result.js';
import { createGateRig } from '../gate-rig.js';
import type { GateRig } from '../gate-rig.js';
import { createRunsRig, runId } from '../tasks/recorded-runs-rig.js';
import type { RunsRig } from '../tasks/recorded-runs-rig.js';

interface DelegationRig extends AsyncDisposable {
  readonly rig: GateRig;
  readonly runs: RunsRig;
  guard(overrides?: Partial<GatePorts>): Promise<GateResult>;
}

async function createDelegationRig(slugs: readonly string[] = ['a']): Promise<DelegationRig> {
  const rig = await createGateRig({ git: false });
  const runs = createRunsRig(rig);
  const items = slugs.map((slug) => ({ id: '0939', slug }));
  await rig.write('tasks/index.json', JSON.stringify({ items }));
  return {
    rig,
    runs,
    guard: (overrides) =>
      rig.run(delegationGuard, { judgeRun: runs.judgeRun, taskId: '0939-a', ...overrides }),
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

const withReason = (reason: string): Partial<GatePorts> => ({
  environment: { DELEGATION_GUARD_OVERRIDE_REASON: reason },
});
const rulesOf = ({ findings }: GateResult): string[] => findings.map(({ rule }) => rule);

test('a task passes with a run of a subagent that succeeded and can be believed', async () => {
  await using rig = await createDelegationRig();
  const path = await rig.runs.record('0939-a-guard', runId(1));
  const result = await rig.guard();
  expect(result).toMatchObject({ outcome: 'passed', passes: true, findings: [] });
  expect(result.lines).toEqual(['Delegation guard: OK (1 subagent manifest(s) found).']);
  expect(result.facts).toMatchObject({ task_id: '0939-a', runs: [path] });
});

test('a task without any run of a subagent fails, and the way out is told', async () => {
  await using rig = await createDelegationRig();
  await rig.runs.record('0939-a', runId(1));
  await rig.runs.record('0939-ab', runId(1));
  const result = await rig.guard();
  expect(result).toMatchObject({ outcome: 'failed', passes: false });
  expect(rulesOf(result)).toEqual(['subagent-runs-missing']);
  expect(result.lines).toEqual([
    'Delegation guard: issues detected',
    " - No subagent manifests found for '0939-a'. Expected at least one under .runs/0939-a-*/cli/<run-id>/manifest.json",
    'Expected subagent manifests:',
    ' - .runs/0939-a-*/cli/<run-id>/manifest.json',
    'Fix guidance:',
    expect.stringContaining('0939-a-guard') as string,
    expect.stringContaining('DELEGATION_GUARD_OVERRIDE_REASON') as string,
  ]);
});

test('runs that failed, that were changed, or that are those of others count for nothing', async () => {
  await using rig = await createDelegationRig();
  await rig.runs.record('0939-a-x', runId(1), { status: 'failed' });
  await rig.runs.record('0939-a-x', runId(2), { is_tampered: true });
  await rig.runs.record('0939-a-x', runId(3), { task_id: '0940-b' });
  await rig.rig.write(`.runs/0939-a-x/cli/${runId(4)}/manifest.json`, '{"status":');
  mkdirSync(rig.rig.rig.path(`.runs/0939-a-x/cli/${runId(5)}`));
  const result = await rig.guard();
  expect(result.passes).toBe(false);
  const unverified = 'subagent-run-unverified';
  expect(rulesOf(result)).toEqual([
    ...['subagent-runs-missing', unverified, unverified, unverified, unverified],
    'subagent-run-unsuccessful',
  ]);
  expect(result.findings.map(({ message }) => message)).toEqual([
    expect.stringContaining('0 of 1'),
    expect.stringContaining('ENOENT'),
    expect.stringContaining('JSON'),
    expect.stringContaining('0940-b'),
    expect.stringContaining('line 3 was altered'),
    expect.stringContaining('its status is failed'),
  ]);
});

test('no more runs are looked at than are needed, the newest first', async () => {
  await using rig = await createDelegationRig();
  for (let number = 1; number <= 6; number += 1) {
    const fields = number === 5 ? { status: 'failed' } : {};
    await rig.runs.record(`0939-a-${number % 2}`, runId(number), fields);
  }
  const settings = { 'delegation-guard': { minRuns: 2 } };
  const result = await rig.guard({ settings });
  expect(result.passes).toBe(true);
  expect(rig.runs.judged.map((path) => path.split('/')[3])).toEqual([6, 5, 4].map(runId));
  expect(result.warnings).toEqual([expect.stringContaining('its status is failed') as string]);
});

test('a run for a part of a task is a subagent, and needs none of its own', async () => {
  await using rig = await createDelegationRig();
  const result = await rig.guard({ taskId: '0939-a-docs' });
  expect(result).toMatchObject({ outcome: 'passed', passes: true });
  expect(result.lines).toEqual([
    "Delegation guard: '0939-a-docs' treated as subagent run for '0939-a'.",
    'Delegation guard: OK (subagent runs are exempt).',
  ]);
});

test('a task whose key begins with that of another is no subagent of it', async () => {
  await using rig = await createDelegationRig(['a', 'a-b']);
  await rig.runs.record('0939-a-b', runId(1));
  await rig.runs.record('0939-a-b-x', runId(1));
  expect((await rig.guard({ taskId: '0939-a' })).passes).toBe(false);
  const longer = await rig.guard({ taskId: '0939-a-b' });
  expect(longer.lines).toEqual(['Delegation guard: OK (1 subagent manifest(s) found).']);
});

test.each([
  [undefined, 'task-id-missing'],
  ['  ', 'task-id-missing'],
  ['0940-c', 'task-unregistered'],
  ['0939', 'task-unregistered'],
  ['../0939-a', 'task-id-invalid'],
])('the task id %j fails with %s', async (taskId, rule) => {
  await using rig = await createDelegationRig();
  await rig.runs.record('0939-a-x', runId(1));
  const result = await rig.rig.run(delegationGuard, { judgeRun: rig.runs.judgeRun, taskId });
  expect([result.passes, ...rulesOf(result)]).toEqual([false, rule]);
});

test('a reason lets through what is found, and is recorded with it', async () => {
  await using rig = await createDelegationRig();
  const result = await rig.guard(withReason(' too small\n to share '));
  expect(result).toMatchObject({
    ...{ outcome: 'overridden', passes: true, override: 'too small to share' },
    lines: [
      'Delegation guard override active.',
      'Reason: too small to share',
      expect.stringContaining('No subagent manifests found'),
    ],
  });
  expect(rulesOf(result)).toEqual(['subagent-runs-missing']);
  expect((await rig.guard(withReason(' \t'))).outcome).toBe('failed');
});

test('an index that cannot be read is no verdict, unless there is a reason to go on', async () => {
  await using rig = await createDelegationRig();
  await rig.rig.write('tasks/index.json', '{"items": nothing}');
  await expect(rig.guard()).rejects.toMatchObject({ code: 'INVALID_FILE' });
  const result = await rig.guard(withReason('emergency'));
  expect(result).toMatchObject({ outcome: 'overridden', passes: true, override: 'emergency' });
  expect(rulesOf(result)).toEqual(['not-judged']);
});

test('a repository without an index is not judged unless it asks for that', async () => {
  await using rig = await createGateRig({ git: false });
  const taskId = '0939-a';
  expect(await rig.run(delegationGuard, { taskId })).toMatchObject({
    ...{ outcome: 'not_applicable', passes: true },
    lines: ['Delegation guard: not applicable (there is no tasks/index.json).'],
  });
  const settings = { 'delegation-guard': {} };
  const asked = await rig.run(delegationGuard, { taskId, settings });
  expect(rulesOf(asked)).toEqual(['task-index-missing', 'task-unregistered']);
  await expect(
    rig.run(delegationGuard, {
      taskId,
      settings: { 'delegation-guard': { index: '../../index.json' } },
    }),
  ).rejects.toMatchObject({ code: 'INVALID_FILE' });
});

test('runs behind a link out of the folder of runs count for nothing', async () => {
  await using rig = await createDelegationRig();
  await rig.rig.write(`elsewhere/cli/${runId(1)}/manifest.json`, '{}');
  mkdirSync(rig.rig.rig.path('.runs'));
  symlinkSync('../elsewhere', rig.rig.rig.path('.runs/0939-a-x'));
  expect((await rig.guard()).passes).toBe(false);
  expect(rig.runs.judged).toEqual([]);
});

test('settings that ask for no run at all are refused', async () => {
  await using rig = await createDelegationRig();
  for (const minRuns of [0, -1, 1.5, Number.NaN]) {
    const settings = { 'delegation-guard': { minRuns } };
    await expect(rig.guard({ settings })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  }
});

test('whatever an index of chance says, a task passes by a run of its own subagents alone', async () => {
  await using rig = await createDelegationRig();
  await rig.runs.record('0939-a-x', runId(1));
  const random = createSeededRandom(7);
  const valid = '{"items":[{"id":"0939","slug":"a"},{"id":"0940","slug":"b","gate":{}}]}';
  for (let round = 0; round < 150; round += 1) {
    const at = random.integer(0, valid.length - 1);
    const insert = random.pick(['', '"', '{', ']', '0', 'null', '..', 'b', '-']);
    const text = valid.slice(0, at) + insert + valid.slice(at + random.integer(0, 4));
    await rig.rig.write('tasks/index.json', text);
    const result = await rig.guard({ taskId: '0940-b' }).catch((error: unknown) => error);
    const shown = JSON.stringify({ round, text, result });
    if (result instanceof Error) expect(result, shown).toMatchObject({ code: 'INVALID_FILE' });
    // What is left of the index may make `0940-b` part of another task, but gives it no run.
    else if ((result as GateResult).passes) expect(shown).toContain('treated as subagent run');
  }
});
