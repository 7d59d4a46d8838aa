import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import {
  foldEvents,
  manifestSchema,
  openRunRecord,
  readJournal,
  reopenRunRecord,
  runEventSchema,
  verifyRun,
} from '../src/index.js';
import type { Artifact, LoopFacts, NewRunEvent, RunLayout } from '../src/index.js';
import {
  nextAttempt,
  plannedStage,
  sampleLayout,
  sampleStart,
  stageFinished,
  stageStarted,
  succeeded,
} from './sample-run.js';

const loopFacts: LoopFacts = {
  verdict: 'max_iterations',
  agent: 'codex',
  iterations: 2,
  best_iteration: 1,
  input_tokens: 100,
  cached_input_tokens: 40,
  output_tokens: 9,
  cost_usd: 0.25,
  tool_calls: 3,
  findings: 0,
  branch: null,
};

const begun: NewRunEvent = {
  type: 'loop.started',
  index: 1,
  id: 'stage-1',
  continues: false,
  facts: { goal: 'make the tests pass', limits: { maxIterations: 2 } },
};

type Iteration = Extract<NewRunEvent, { type: 'loop.iteration' }>;

function iteration(n: number, artifacts: readonly Artifact[] = []): Iteration {
  return {
    type: 'loop.iteration',
    index: 1,
    id: 'stage-1',
    n,
    facts: { n, diff: null },
    artifacts,
  };
}

const loopEnded = stageFinished(1, {
  status: 'failed',
  outcome: 'loop-ended',
  exit_code: 3,
  reason: 'max_iterations',
  loop: loopFacts,
});

async function openLoop(layout: RunLayout) {
  const stages = [plannedStage(1, { kind: 'rlm', command: null }), plannedStage(2)];
  return openRunRecord({ ...sampleStart(layout), stages });
}

test('a loop is recorded with its iterations, their files and what it came to', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const record = await openLoop(layout);
  const path = 'rlm/iterations/1/agent.log';
  await rig.write({ [layout.relative(`${layout.runDir}/${path}`)]: 'said' });
  const sha256 = 'b73fa8ed9bc5ddb03ba20b4a9e3b9e55deb82ce47f31d1eeb5b3e6eafcdf1ea8';
  record.append(stageStarted(1));
  record.append(begun);
  record.append(iteration(1, [{ path, bytes: 4, sha256 }]));
  record.append(iteration(2));
  record.append(loopEnded);
  record.append({ type: 'stage.skipped', index: 2, id: 'stage-2', reason: 'x', summary: null });
  await record.seal({ ...succeeded, status: 'failed' });

  const manifest = await rig.readJson(layout.relative(layout.manifestPath));
  expect(manifestSchema().safeParse(manifest).error?.issues).toBeUndefined();
  expect(manifest).toMatchObject({
    commands: [{ kind: 'rlm', outcome: 'loop-ended', exit_code: 3, loop: loopFacts }, {}],
    artifacts: [{ path, bytes: 4 }],
    summary: "Stage 'Stage 1' ended without success: max_iterations.",
  });
  expect((manifest as { commands: object[] }).commands[1]).not.toHaveProperty('loop');
  const { events, unknownEvents } = await readJournal(layout.journalPath);
  expect(unknownEvents).toEqual([]);
  for (const event of events) {
    expect(runEventSchema().safeParse(event).error?.issues, event.type).toBeUndefined();
  }
  expect(events.filter(({ type }) => type.startsWith('loop.'))).toMatchObject([
    begun,
    iteration(1, [{ path, bytes: 4, sha256 }]),
    iteration(2),
  ]);
  // The digest is not that of the file, and it is the event's word that counts.
  expect((await verifyRun(layout)).findings).toMatchObject([{ code: 'file-altered' }]);
});

test('an iteration whose line was changed is found', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const record = await openLoop(layout);
  for (const event of [stageStarted(1), begun, iteration(1), loopEnded]) record.append(event);
  await record.seal({ ...succeeded, status: 'failed' });
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', remarks: [] });
  const journal = layout.relative(layout.journalPath);
  const text = await rig.read(journal);
  await rig.write({ [journal]: text.replace('"diff":null', '"diff":true') });
  expect((await verifyRun(layout)).findings).toMatchObject([{ code: 'journal-altered', line: 4 }]);
});

test('what a loop tells is taken from a loop alone, and only while it runs', async () => {
  await using rig = await createRig();
  await using record = await openLoop(sampleLayout(rig.root));
  expect(() => record.append(begun)).toThrow(/to be running, it is pending/);
  record.append(stageStarted(1));
  record.append(stageStarted(2));
  const ofCommand = { ...begun, index: 2, id: 'stage-2' };
  expect(() => record.append(ofCommand)).toThrow(/to be a loop, it is of kind command/);
  expect(() => record.append({ ...iteration(1), index: 2, id: 'stage-2' })).toThrow(/to be a loop/);
  record.append(begun);
  record.append(loopEnded);
  expect(() => record.append(iteration(1))).toThrow(/to be running, it is failed/);
});

test('a loop that runs again says nothing of the loop before', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const record = await openLoop(layout);
  for (const event of [stageStarted(1), begun, loopEnded]) record.append(event);
  await record.seal({ ...succeeded, status: 'failed' });
  const { record: again } = await reopenRunRecord(layout);
  await using open = again;
  const stages = [plannedStage(1, { kind: 'rlm', command: null }), plannedStage(2)];
  await open.beginAttempt(nextAttempt(open, { stages }));
  expect(open.manifest.commands[0]).not.toHaveProperty('loop');
  const { events } = await readJournal(layout.journalPath);
  expect(foldEvents(events)?.commands).toEqual(open.manifest.commands);
});
