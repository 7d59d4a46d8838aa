import { sha256Hex } from '@codex-orchestrator/core';
import type { RunId } from '@codex-orchestrator/core';
import { verifyRun } from '@codex-orchestrator/manifest';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';

import { resumePipeline } from '../src/index.js';
import type { GateEnd, GateStage, RunGate, RunOutcome } from '../src/index.js';
import { plainRedactor } from './plain-redactor.js';
import { baseOptions, command, createRunRig, journalOf, pipeline, planFirst } from './run-rig.js';

const gate = { kind: 'gate', id: 'budget', gate: 'diff-budget', env: { OWN: 'mine' } };
const record = {
  name: 'diff-budget',
  outcome: 'passed',
  dry_run: false,
  findings: 0,
  override: null,
  facts: { base: 'origin/main', files: 3 },
};

/** A gate that tells a line, leaves its findings, and ends as asked. */
function fakeGate(end: Partial<GateEnd> = {}, onStart?: (stage: GateStage) => void): RunGate {
  return (stage) => {
    onStart?.(stage);
    stage.tell('looked at 3 files');
    const text = '{"findings":[]}\n';
    writeFileSync(stage.findingsPath, text);
    const path = `commands/${basename(stage.findingsPath)}`;
    return Promise.resolve({
      passes: true,
      exitCode: 0,
      summary: 'passed',
      notes: [],
      artifacts: [{ path, bytes: text.length, sha256: sha256Hex(text) }],
      record,
      ...end,
    });
  };
}

const failing: Partial<GateEnd> = {
  passes: false,
  exitCode: 1,
  summary: '2 findings',
  record: { ...record, outcome: 'failed', findings: 2 },
};

test('a gate is a stage whose verdict and findings are part of a record that holds', async () => {
  await using rig = await createRunRig();
  const given: GateStage[] = [];
  const outcome = await rig.run([pipeline('p', gate, command('after', 'echo after'))], {
    runGate: fakeGate({}, (stage) => given.push(stage)),
  });
  const { manifest, layout } = outcome;
  expect(given).toMatchObject([
    { gate: 'diff-budget', dryRun: false, root: rig.root, environment: { OWN: 'mine' } },
  ]);
  expect(manifest.commands[0]).toMatchObject({
    kind: 'gate',
    command: null,
    status: 'succeeded',
    outcome: 'gate-ended',
    exit_code: 0,
    summary: 'passed',
    error_file: null,
    gate: record,
  });
  expect(await rig.read(manifest.commands[0]?.log_path ?? '')).toBe('looked at 3 files\n');
  expect(manifest.artifacts.map(({ path }) => path)).toContain('commands/01-budget.findings.json');
  const events = (await journalOf(outcome)).filter(
    (event) => 'id' in event && event.id === 'budget',
  );
  expect(events.map(({ type }) => type)).toEqual(['stage.started', 'stage.finished']);
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact' });
});

test('a gate that does not pass ends the run, and says how many it found', async () => {
  await using rig = await createRunRig();
  const stages = [gate, command('after', 'echo after')];
  const { manifest, statusDetail } = await rig.run([pipeline('p', ...stages)], {
    runGate: fakeGate(failing),
  });
  expect(statusDetail).toBe('stage:budget:failed');
  expect(manifest.commands).toMatchObject([
    { status: 'failed', exit_code: 1, reason: 'failed', gate: { findings: 2 } },
    { status: 'skipped' },
  ]);
  expect(manifest.summary).toContain("Stage 'budget' did not pass: 2 findings.");
  const error = JSON.parse(await rig.read(manifest.commands[0]?.error_file ?? '')) as unknown;
  expect(error).toMatchObject({
    command: 'gate diff-budget',
    reason: 'gate-failed',
    details: { exit_code: 1, verdict: 'failed', findings: 2 },
  });
});

test('a gate that may fail lets the run go on, and one that was overridden says why', async () => {
  await using rig = await createRunRig();
  const lenient = await rig.run([pipeline('p', { ...gate, allowFailure: true })], {
    runGate: fakeGate(failing),
  });
  expect(lenient.manifest).toMatchObject({
    status: 'succeeded',
    commands: [{ status: 'skipped', reason: 'allowed-failure', gate: { outcome: 'failed' } }],
  });
  const overridden = { ...record, outcome: 'overridden', findings: 2, override: 'a rename' };
  const { manifest } = await rig.run([pipeline('p', gate)], {
    runGate: fakeGate({ record: overridden }),
  });
  expect(manifest.summary).toContain("Stage 'budget' was overridden: a rename");
});

test('a gate that throws, and one that nobody runs, have failed', async () => {
  await using rig = await createRunRig();
  const thrown = await rig.run([pipeline('p', gate)], {
    runGate: () => Promise.reject(new Error('no git here')),
  });
  expect(thrown.manifest.commands[0]).toMatchObject({
    status: 'failed',
    outcome: 'error',
    exit_code: null,
    reason: 'no git here',
  });
  const { manifest } = await rig.run([pipeline('p', gate)]);
  expect(manifest.commands[0]).toMatchObject({ status: 'failed', outcome: 'error' });
});

test('a guard of specs that has nothing to guard does not count as one that succeeded', async () => {
  await using rig = await createRunRig();
  const guard = { kind: 'gate', id: 'spec-guard', gate: 'spec-guard' };
  const applicable = await rig.run([pipeline('p', guard)], { runGate: fakeGate() });
  expect(applicable.manifest.guardrail_status).toMatchObject({ present: true });
  const outcome = { ...record, name: 'spec-guard', outcome: 'not_applicable' };
  const { manifest } = await rig.run([pipeline('p', guard)], {
    runGate: fakeGate({ record: outcome }),
  });
  expect(manifest.guardrail_status).toMatchObject({ present: false, counts: { skipped: 1 } });
});

test('processes of a gate end with the run, and its secrets stay out of the record', async () => {
  await using rig = await createRunRig();
  const controller = new AbortController();
  const outcome = await rig.run([pipeline('p', gate)], {
    redactor: plainRedactor('hunter2'),
    signal: controller.signal,
    runGate: async (stage) => {
      stage.tell('the password is hunter2');
      const asked = await stage.query(['printf', 'hunter2'], {});
      expect(asked.stdout.text).toBe('hunter2');
      const running = stage.run('echo begun; sleep 60', {
        onOutput: () => {
          controller.abort('SIGTERM');
        },
      });
      const { outcome: end } = await running;
      expect(end.kind).toBe('cancelled');
      return fakeGate(failing)(stage);
    },
  });
  expect(outcome.manifest.commands[0]).toMatchObject({ status: 'cancelled' });
  expect(await rig.read(outcome.manifest.commands[0]?.log_path ?? '')).not.toContain('hunter2');
});

test('a gate that a further attempt runs again has its files moved out of the way', async () => {
  await using rig = await createRunRig();
  const stages = [pipeline('p', gate)];
  const first = await rig.run(stages, { runGate: fakeGate(failing) });
  const again = await resumePipeline(planFirst(stages), {
    ...baseOptions(rig.root),
    runId: first.layout.runId,
    actor: 'tester',
    reason: 'again',
    runGate: fakeGate(),
  });
  const paths = again.manifest.artifacts.map(({ path }) => path);
  expect(paths).toContain('attempts/1/commands/01-budget.findings.json');
  expect(paths).toContain('commands/01-budget.findings.json');
  expect(again.manifest).toMatchObject({ status: 'succeeded', commands: [{ gate: record }] });
  expect(await verifyRun(again.layout)).toMatchObject({ verdict: 'intact' });
});

test('a gate that passed judges again what a further attempt finds; what was built meanwhile stands', async () => {
  await using rig = await createRunRig();
  const stages = [
    pipeline(
      'p',
      command('build', 'echo built >> builds', { needs: [] }),
      { ...gate, needs: ['build'] },
      command('docs', 'echo written >> builds', { needs: ['budget'] }),
      command('test', 'test -e mended', { needs: ['docs'] }),
    ),
  ];
  const resume = async (runId: RunId, runGate: RunGate): Promise<RunOutcome> =>
    resumePipeline(planFirst(stages), {
      ...baseOptions(rig.root),
      ...{ runId, actor: 'tester', reason: 'again', runGate },
    });
  const { layout } = await rig.run(stages, { runGate: fakeGate() });
  writeFileSync(`${rig.root}/mended`, '');
  const second = await resume(layout.runId, fakeGate(failing));
  expect(second.manifest).toMatchObject({
    status: 'failed',
    status_detail: 'stage:budget:failed',
    commands: [
      { id: 'build', status: 'succeeded' },
      { id: 'budget', status: 'failed', gate: { findings: 2 } },
      { id: 'docs', status: 'succeeded' },
      { id: 'test', status: 'skipped' },
    ],
  });
  const third = await resume(layout.runId, fakeGate());
  expect(third.manifest).toMatchObject({ status: 'succeeded', attempt: 3 });
  expect(await rig.read('builds')).toBe('built\nwritten\n');
  const paths = third.manifest.artifacts.map(({ path }) => path);
  expect(paths.filter((path) => path.endsWith('budget.findings.json'))).toEqual([
    'attempts/1/commands/02-budget.findings.json',
    'attempts/2/commands/02-budget.findings.json',
    'commands/02-budget.findings.json',
  ]);
  expect(await verifyRun(third.layout)).toMatchObject({ verdict: 'intact' });
});

test('files of a gate in a folder of its own are moved with it, also where none come in their place', async () => {
  await using rig = await createRunRig();
  const [text, path] = ['asked\n', 'commands/01-budget.review/prompt.md'];
  const stages = [pipeline('p', gate)];
  const first = await rig.run(stages, {
    runGate: async (stage) => {
      mkdirSync(`${stage.filesPrefix}review`);
      writeFileSync(`${stage.filesPrefix}review/prompt.md`, text);
      const artifacts = [{ path, bytes: text.length, sha256: sha256Hex(text) }];
      return fakeGate({ ...failing, artifacts })(stage);
    },
  });
  expect(await verifyRun(first.layout)).toMatchObject({ verdict: 'intact' });
  const again = await resumePipeline(planFirst(stages), {
    ...baseOptions(rig.root),
    runId: first.layout.runId,
    actor: 'tester',
    reason: 'again',
    runGate: fakeGate(),
  });
  const paths = again.manifest.artifacts.map((artifact) => artifact.path);
  expect(paths.filter((name) => name.endsWith('prompt.md'))).toEqual([`attempts/1/${path}`]);
  expect(await verifyRun(again.layout)).toMatchObject({ verdict: 'intact' });
});
