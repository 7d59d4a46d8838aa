import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { systemClock } from '@codex-orchestrator/core';
import type { GateName, GatePorts, GateResult } from '@codex-orchestrator/gates';
import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { openTaskPorts } from '../src/commands/task/task-ports.js';
import { runGate } from '../src/gates-library.js';
import type { Io } from '../src/io.js';
import { call, onlyJson } from './call.js';
import { pipelineOf } from './pipeline-of.js';
import { askTask, callTask } from './task-call.js';

const key = '0939-gates';
const checklist = `tasks/tasks-${key}.md`;

/** A finished run of a task, and the path of its manifest relative to the root. */
async function finishRun(rig: Rig, task: string, command = 'echo fine'): Promise<FinishedRun> {
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command }) });
  const result = await call(['start', `--task=${task}`, '--format=json'], { cwd: rig.root });
  const { run_id: runId, artifact_root: folder } = onlyJson(result);
  return { runId: String(runId), manifest: `${String(folder)}/manifest.json` };
}

interface FinishedRun {
  readonly runId: string;
  readonly manifest: string;
}

async function portsOf(rig: Rig, taskId?: string): Promise<GatePorts> {
  const io = { env: {}, cwd: rig.root, clock: systemClock } as unknown as Io;
  const { ports } = await openTaskPorts({ io });
  return { ...ports, taskId };
}

async function gate(rig: Rig, name: GateName, taskId?: string): Promise<GateResult> {
  return runGate(name, await portsOf(rig, taskId));
}

test('a task is begun, listed and shown', async () => {
  await using rig = await createRig();
  expect((await callTask(rig.root, 'status')).stdout).toBe('No tasks\n');
  const begun = await callTask(rig.root, 'new', '0939', 'gates', '--title', 'Gates');
  expect(begun.exitCode).toBe(0);
  expect(begun.stdout).toBe(
    [
      `Begun: ${key}`,
      ...[`  tasks/specs/${key}.md`, '  docs/PRD-gates.md', '  docs/TECH_SPEC-gates.md'],
      ...['  docs/ACTION_PLAN-gates.md', `  ${checklist}`, '  tasks/index.json', ''],
    ].join('\n'),
  );
  expect((await callTask(rig.root, 'status')).stdout).toMatch(
    /0939-gates +in_progress +0\/8 +Gates/,
  );
  const { stdout } = await callTask(rig.root, 'status', '0939', '--format', 'agent');
  expect(stdout).toMatch(/^0939-gates: Gates \(in_progress\)\nItems: 0\/8 done\n {2}open 1: PRD/);
  expect(stdout).toContain('Latest run: none');
  expect(Buffer.byteLength(stdout)).toBeLessThan(1024);
});

test.each([
  [['new'], 'USAGE'],
  [['new', '0939'], 'USAGE'],
  [['new', '0939', 'gates', 'more'], 'USAGE'],
  [['evidence', '--run', 'latest'], 'USAGE'],
  [['evidence', '0939'], 'USAGE'],
  [['evidence', '0939', '--run', 'latest', '--item', '0'], 'USAGE'],
  [['new', '..', 'gates'], 'INVALID_OPTION'],
  [['status', '0939'], 'TASK_NOT_FOUND'],
  [['evidence', '0939', '--run', 'latest'], 'TASK_NOT_FOUND'],
])('task %j is refused with %s, and nothing is written', async (argv, code) => {
  await using rig = await createRig();
  await expect(callTask(rig.root, ...argv)).rejects.toMatchObject({ code });
  expect(await rig.list()).toEqual([]);
});

test('a real run becomes evidence, until somebody changes its record', async () => {
  await using rig = await createRig();
  await callTask(rig.root, 'new', '0939', 'gates');
  await expect(callTask(rig.root, 'evidence', key, '--run=latest')).rejects.toMatchObject({
    code: 'RUN_NOT_FOUND',
  });
  const first = await finishRun(rig, `${key}-a`);
  const { runId, manifest } = await finishRun(rig, `${key}-b`);
  expect(await askTask(rig.root, 'evidence', key, '--run=latest')).toMatchObject({
    key,
    run: { run_id: runId, status: 'succeeded', pipeline_id: 'p' },
    before: { run_id: first.runId },
    item: { number: 1, is_done: true },
    document: 'docs/ACTION_PLAN-gates.md',
  });
  const again = await callTask(rig.root, 'evidence', '0939', '--run', runId);
  expect(again.stdout).toMatch(/\nNothing to change\n$/);
  expect(await rig.read(checklist)).toContain(`Evidence: \`${manifest}\`\n`);
  expect(await gate(rig, 'evidence-check')).toMatchObject({ outcome: 'passed', passes: true });
  expect(await gate(rig, 'delegation-guard', key)).toMatchObject({ outcome: 'passed' });

  const text = readFileSync(rig.path(manifest), 'utf8');
  writeFileSync(rig.path(manifest), text.replace('"echo fine"', '"echo fake"'));
  const check = await gate(rig, 'evidence-check');
  expect(check.findings.map(({ rule }) => rule)).toEqual(['evidence-unverified']);
  // The other run is still as it was written.
  expect((await gate(rig, 'delegation-guard', key)).facts).toMatchObject({ rejected: 1 });
  expect(await askTask(rig.root, 'status', key)).toMatchObject({
    evidence: { good: 0, bad: [{ rule: 'evidence-unverified', file: checklist }] },
    latest_run: { run_id: runId, is_verified: false, status: null },
  });
});

test('a run that failed, a copy under another name and an invention delegate nothing', async () => {
  await using rig = await createRig();
  await callTask(rig.root, 'new', '0939', 'gates');
  const failed = await finishRun(rig, `${key}-a`, 'false');
  const other = await finishRun(rig, 'elsewhere');
  const copy = `.runs/${key}-copied/cli/${other.runId}`;
  cpSync(rig.path(dirname(other.manifest)), rig.path(copy), { recursive: true });
  const invented = '2027-01-06T06-53-37-814Z-c285a360';
  const record = JSON.parse(await rig.read(other.manifest)) as Record<string, unknown>;
  // Without a checksum and a place in the journal it looks like the record of another tool.
  const claims = { task_id: `${key}-b`, run_id: invented, journal: null, checksum: undefined };
  const forged = { ...record, ...claims };
  await rig.write({
    [`.runs/${key}-b/cli/${invented}/manifest.json`]: forged,
    [`.runs/${key}-b/cli/${invented}/runner.ndjson`]: '{"seq":1,"type":"run.started"}\n',
  });
  const result = await gate(rig, 'delegation-guard', key);
  expect(result.passes).toBe(false);
  expect(result.findings.map(({ rule, file }) => [rule, file])).toEqual([
    ['subagent-runs-missing', null],
    ['subagent-run-unverified', `.runs/${key}-b/cli/${invented}/manifest.json`],
    ['subagent-run-unverified', `${copy}/manifest.json`],
    ['subagent-run-unsuccessful', failed.manifest],
  ]);
  await callTask(rig.root, 'evidence', key, '--run', failed.runId);
  expect(await rig.read(checklist)).toMatch(/- \[ \] PRD .* Evidence: `[^`]+` \(failed\)\n/);
  expect(await gate(rig, 'evidence-check')).toMatchObject({ passes: true, warnings: [] });
});
