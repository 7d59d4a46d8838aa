import { createRunId, parseTaskId } from '@codex-orchestrator/core';
import { createRunLayout } from '@codex-orchestrator/manifest';
import type { StageRecord } from '@codex-orchestrator/manifest';
import { expect, test } from 'vitest';

import { definitionHash } from '../src/definition-hash.js';
import type { Plan } from '../src/index.js';
import { planResume } from '../src/plan-resume.js';
import type { ResumableRun, ResumeFacts, ResumePlan } from '../src/plan-resume.js';
import { command, pipeline, planFirst } from './run-rig.js';

type Json = Readonly<Record<string, unknown>>;
type Change = Partial<StageRecord>;

const layout = createRunLayout({
  root: '/root',
  taskId: parseTaskId('task'),
  runId: createRunId(),
});

const passed: Change = { status: 'succeeded', started_at: 'then' };
const failed: Change = { status: 'failed', started_at: 'then' };
const allowed: Change = { status: 'skipped', started_at: 'then', reason: 'allowed-failure' };
const leftOut: Change = { status: 'skipped', reason: 'run-failed' };

/** What the record of a plan says when its stages have come to this. */
function runOf(plan: Plan, changes: Readonly<Record<string, Change>>): ResumableRun {
  const commands = plan.stages.map((stage): StageRecord => ({
    index: stage.index,
    id: stage.id,
    title: stage.title,
    command: null,
    kind: stage.kind,
    status: 'pending',
    started_at: null,
    completed_at: null,
    exit_code: null,
    summary: null,
    log_path: layout.relative(layout.stageLogPath(stage.index, stage.id)),
    error_file: null,
    sub_run_id: null,
    outcome: null,
    reason: null,
    signal: null,
    duration_ms: null,
    attempts: 1,
    needs: plan.order === 'graph' ? stage.needs : null,
    allow_failure: false,
    log_bytes: null,
    log_omitted_bytes: null,
    definition_hash: definitionHash(stage),
    inputs_hash: null,
    process: null,
    ...changes[stage.id],
  }));
  return { attempt: 1, pipeline_id: plan.pipeline.id, commands };
}

function resume(run: ResumableRun, plan: Plan, facts: Partial<ResumeFacts> = {}): ResumePlan {
  return planResume(run, plan, {
    loopFiles: [],
    loops: new Map(),
    mode: 'resume',
    keepGoing: false,
    inputsHashes: new Map(),
    files: [],
    layout,
    ...facts,
  });
}

function planOf(...stages: readonly Json[]): Plan {
  return planFirst([pipeline('p', ...stages)]);
}

const abc = planOf(command('a', 'x'), command('b', 'x'), command('c', 'x'));

test('what has passed is kept, what has failed runs again, and what has not run is nothing new', () => {
  expect(resume(runOf(abc, { a: passed, b: failed, c: leftOut }), abc)).toEqual({
    kept: ['a'],
    continued: new Map(),
    reset: [{ id: 'b', reason: 'it failed' }],
    drift: [],
    moved: [],
  });
});

test.each([
  ['cancelled', 'it was cancelled'],
  ['interrupted', 'it was running when its runner died'],
] as const)('a stage that was %s runs again', (status, reason) => {
  const run = runOf(abc, { a: { status, started_at: 'then' } });
  expect(resume(run, abc).reset).toEqual([{ id: 'a', reason }]);
});

test('a failure that was allowed stands, unless failures are retried', () => {
  const plan = planOf(command('a', 'x', { allowFailure: true }), command('b', 'x'));
  const run = runOf(plan, { a: allowed, b: passed });
  expect(resume(run, plan).kept).toEqual(['a', 'b']);
  // It was no reason not to run what came after it, so that stands all the same.
  expect(resume(run, plan, { mode: 'retry-failed' })).toMatchObject({
    kept: ['b'],
    reset: [{ id: 'a', reason: 'it failed, which was allowed' }],
  });
  expect(resume(run, plan, { mode: 'retry-all' }).kept).toEqual([]);
});

test('a stage of another definition is another stage, and what stands on it runs again', () => {
  const run = runOf(abc, { a: passed, b: passed, c: failed });
  const changed = planOf(command('a', 'x'), command('b', 'y'), command('c', 'x'));
  expect(resume(run, changed)).toMatchObject({
    kept: ['a'],
    reset: [
      { id: 'b', reason: 'its definition changed' },
      { id: 'c', reason: 'it failed' },
    ],
    drift: ["Stage 'b' was changed."],
  });
  const first = planOf(command('a', 'y'), command('b', 'x'), command('c', 'x'));
  expect(resume(run, first)).toMatchObject({
    kept: [],
    reset: [
      { id: 'a', reason: 'its definition changed' },
      { id: 'b', reason: "it needs 'a', which is to run" },
      { id: 'c', reason: 'it failed' },
    ],
  });
  // A run that goes on whatever fails has said that its stages do not stand on each other.
  expect(resume(run, first, { keepGoing: true }).kept).toEqual(['b']);
});

test('in a graph only what needs a stage runs again with it', () => {
  const needing = (line: string): Plan =>
    planOf(
      command('end', 'x', { needs: ['mid'] }),
      command('mid', 'x', { needs: ['start'] }),
      command('start', line, { needs: [] }),
      command('other', 'x', { needs: [] }),
    );
  const run = runOf(needing('x'), { end: passed, mid: passed, start: passed, other: passed });
  expect(resume(run, needing('x')).kept).toEqual(['end', 'mid', 'start', 'other']);
  expect(resume(run, needing('y'))).toMatchObject({
    kept: ['other'],
    reset: [
      { id: 'end', reason: "it needs 'mid', which is to run" },
      { id: 'mid', reason: "it needs 'start', which is to run" },
      { id: 'start', reason: 'its definition changed' },
    ],
  });
});

test('gates run again, and what needs them stands on what they need', () => {
  const gate = (id: string, members: Json): Json => ({
    kind: 'gate',
    id,
    gate: 'diff-budget',
    ...members,
  });
  const graph = (line: string): Plan =>
    planOf(
      command('build', line, { needs: [] }),
      gate('budget', { needs: ['build'] }),
      gate('specs', { needs: ['budget'] }),
      command('test', 'x', { needs: ['specs'] }),
      command('late', 'x', { needs: ['test'] }),
    );
  const reason = 'a gate judges what is there now';
  const run = runOf(graph('x'), {
    ...{ build: passed, budget: passed, specs: passed, test: passed, late: failed },
  });
  expect(resume(run, graph('x'))).toMatchObject({
    kept: ['build', 'test'],
    reset: [
      { id: 'budget', reason },
      { id: 'specs', reason },
      { id: 'late', reason: 'it failed' },
    ],
  });
  const anew = resume(run, graph('y'));
  expect(anew.kept).toEqual([]);
  expect(anew.reset).toContainEqual({ id: 'test', reason: "it needs 'build', which is to run" });
  const sequence = planOf(command('a', 'x'), gate('g', {}), command('b', 'x'), command('c', 'x'));
  const ended = { a: passed, b: passed, c: failed };
  expect(resume(runOf(sequence, { ...ended, g: passed }), sequence).kept).toEqual(['a', 'b']);
  // Killed before it came to judge again, it is no reason to do the work of others again.
  const killed = runOf(sequence, { ...ended, g: { status: 'interrupted', started_at: 'then' } });
  expect(resume(killed, sequence).kept).toEqual(['a', 'b']);
});

test.each([
  ['as they were', 'h1', 'h1', undefined],
  ['others', 'h1', 'h2', 'its inputs changed'],
  ['unreadable now', 'h1', null, 'its inputs cannot be read'],
  ['unknown then', null, 'h1', 'its inputs are not recorded'],
])('inputs that are %s decide whether a stage is kept', (_, then, now, reason) => {
  const plan = planOf(command('a', 'x', { inputs: ['src/**'] }));
  const run = runOf(plan, { a: { ...passed, inputs_hash: then } });
  const resumed = resume(run, plan, { inputsHashes: new Map([['a', now]]) });
  expect(resumed.reset).toEqual(reason === undefined ? [] : [{ id: 'a', reason }]);
  expect(resumed.drift).toEqual([]);
});

test('a record that does not tell definitions has no drift, and nothing of it is kept', () => {
  const run = runOf(abc, { a: { ...passed, definition_hash: null } });
  expect(
    resume(
      { ...run, commands: run.commands.map((stage) => ({ ...stage, definition_hash: null })) },
      abc,
    ),
  ).toMatchObject({
    kept: [],
    reset: [{ id: 'a', reason: 'its definition is not recorded' }],
    drift: [],
  });
});

test('every way in which a plan can differ is named', () => {
  const run = runOf(abc, {});
  const drift = (plan: Plan): readonly string[] => resume(run, plan).drift;
  expect(drift(planOf(command('a', 'x'), command('c', 'x'), command('b', 'x')))).toEqual([
    'The stages are in another order.',
  ]);
  expect(drift(planOf(command('a', 'x'), command('d', 'x'), command('c', 'y')))).toEqual([
    "Stage 'd' was added.",
    "Stage 'b' was removed.",
    "Stage 'c' was changed.",
  ]);
  expect(
    drift(planOf(command('a', 'x', { needs: [] }), command('b', 'x'), command('c', 'x'))),
  ).toEqual(['The stages declare what they need, and no longer run as written.']);
  expect(
    drift(planFirst([pipeline('q', command('a', 'x'), command('b', 'x'), command('c', 'x'))])),
  ).toEqual(["The run is of pipeline 'p', the plan of 'q'."]);
});

test('a stage that is removed in front of others does not keep them from being kept', () => {
  const run = runOf(abc, { a: passed, b: passed, c: failed });
  const plan = planOf(command('b', 'x'), command('c', 'x'));
  expect(resume(run, plan)).toMatchObject({ kept: ['b'], drift: ["Stage 'a' was removed."] });
});

test('files of stages that run again or are gone are moved, those of kept stages stay', () => {
  const run = { ...runOf(abc, { a: passed, b: failed, c: failed }), attempt: 3 };
  const files = [
    'commands/01-a.log',
    'commands/02-b.attempt-1.log',
    'commands/02-b.log',
    'commands/02-b.log.tail',
    'commands/02-bb.log',
    'commands/03-c.log',
    'errors/02-b.json',
  ];
  const plan = planOf(command('a', 'x'), command('b', 'x'));
  expect(resume(run, plan, { files }).moved).toEqual([
    { from: 'commands/02-b.attempt-1.log', to: 'attempts/3/commands/02-b.attempt-1.log' },
    { from: 'commands/02-b.log', to: 'attempts/3/commands/02-b.log' },
    { from: 'commands/02-b.log.tail', to: 'attempts/3/commands/02-b.log.tail' },
    { from: 'errors/02-b.json', to: 'attempts/3/errors/02-b.json' },
    { from: 'commands/03-c.log', to: 'attempts/3/commands/03-c.log' },
  ]);
});

test('files of a stage that was kept at another place move from there', () => {
  const run = runOf(abc, {
    c: { ...failed, log_path: layout.relative(layout.stageLogPath(7, 'c')) },
  });
  const files = ['commands/07-c.log', 'commands/07-c.attempt-1.log'];
  expect(resume(run, abc, { files }).moved.map(({ from }) => from)).toEqual(files);
});

test('a stage whose log another one is going to write runs again', () => {
  const before = planOf(command('x y', 'x'), command('b', 'x'));
  const plan = planOf(command('x-y', 'x'), command('x y', 'x'), command('b', 'x'));
  const run = runOf(before, { 'x y': passed, b: passed });
  expect(resume(run, plan, { keepGoing: true })).toMatchObject({
    kept: ['b'],
    reset: [{ id: 'x y', reason: "its files are in the way of 'x-y'" }],
  });
});
