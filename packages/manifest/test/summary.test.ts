import { expect, test } from 'vitest';

import { applyEvent, foldEvents } from '../src/index.js';
import type { Manifest, PlannedStage, RunEvent, StageFinishedEvent } from '../src/index.js';
import { startedEvent } from '../src/started-event.js';
import {
  plannedStage,
  sampleLayout,
  sampleStart,
  stageFinished,
  stageStarted,
} from './sample-run.js';

const at = '2026-01-06T06:53:38.000Z';

interface Given {
  readonly stage?: Partial<PlannedStage>;
  readonly end?: Partial<StageFinishedEvent>;
}

/** A run of the given stages, each started and ended as said; without an end it stays pending. */
function endedRun(stages: readonly Given[], required?: boolean, notes: string[] = []): Manifest {
  const start = {
    ...sampleStart(sampleLayout('/repo')),
    stages: stages.map(({ stage }, index) =>
      plannedStage(index + 1, { ...stage, id: `stage-${index + 1}` }),
    ),
    ...(required === undefined ? {} : { guardrailsRequired: required }),
  };
  const events = stages.flatMap(({ end }, index) =>
    end ? [stageStarted(index + 1), stageFinished(index + 1, end)] : [],
  );
  const end = {
    type: 'run.finished',
    status: 'failed',
    status_detail: null,
    duration_ms: 1,
    notes,
  };
  const lines = [...events, end].map((event, index) => ({ v: 1, seq: index + 2, at, ...event }));
  const manifest = foldEvents([startedEvent(start, at), ...(lines as RunEvent[])]);
  if (!manifest) throw new Error('no record');
  return manifest;
}

const guard = { title: 'Guard', command: 'node scripts/spec-guard.mjs' };

test('a run without failures and without guards has nothing to say', () => {
  const manifest = endedRun([{ end: {} }]);
  expect(manifest.summary).toBeNull();
  expect(manifest.guardrail_status).toEqual({
    present: false,
    recommendation: null,
    summary: 'Guardrails: spec-guard not configured for this pipeline.',
    computed_at: at,
    counts: { total: 0, succeeded: 0, failed: 0, skipped: 0, other: 0 },
  });
});

test('each failed stage gets its sentence, after the notes and before the guards', () => {
  const manifest = endedRun(
    [
      { end: { status: 'failed', exit_code: 7 } },
      { stage: guard, end: {} },
      { end: { status: 'failed', outcome: 'signalled', signal: 'SIGKILL', exit_code: 137 } },
    ],
    undefined,
    ['Stopped by hand.'],
  );
  expect(manifest.summary?.split('\n')).toEqual([
    'Stopped by hand.',
    "Stage 'Stage 1' failed with exit code 7.",
    "Stage 'Stage 3' was terminated by SIGKILL.",
    'Guardrails: spec-guard succeeded (1 passed).',
  ]);
});

test.for([
  ['timed-out', "Stage 'Stage 1' timed out."],
  ['silent', "Stage 'Stage 1' was stopped because it had gone silent."],
  ['cancelled', "Stage 'Stage 1' was cancelled."],
  ['spawn-failed', "Stage 'Stage 1' could not be started."],
  ['error', "Stage 'Stage 1' failed: disk full."],
  ['child-run', "Stage 'Stage 1' failed: its run r-2 did not succeed."],
] as const)('a stage that ended as %s says so', ([outcome, sentence]) => {
  const child = { run_id: 'r-2', pipeline_id: 'p', status: 'failed', manifest: 'm' } as const;
  const end = { status: 'failed', outcome, reason: 'disk full', child_run: child } as const;
  expect(endedRun([{ end }]).summary).toBe(sentence);
});

test('the same sentence is said once', () => {
  const end = { status: 'failed', exit_code: 1 } as const;
  const twice = endedRun([
    { stage: { title: 'Same' }, end },
    { stage: { title: 'Same' }, end },
  ]);
  expect(twice.summary).toBe("Stage 'Same' failed with exit code 1.");
});

test('a failure that was allowed is not a failed stage', () => {
  const end = { status: 'skipped', exit_code: 1, reason: 'allow-failure' } as const;
  expect(endedRun([{ end }]).summary).toBeNull();
});

const passed: Given = { stage: guard, end: {} };
const failed: Given = { stage: guard, end: { status: 'failed', exit_code: 1 } };
const skipped: Given = { stage: guard, end: { status: 'skipped', reason: 'allow-failure' } };
const saidSkipped: Given = { stage: guard, end: { summary: '[spec-guard] skipped: no script' } };
const never: Given = { stage: guard };

test.for<[string, readonly Given[], string]>([
  ['all passed', [passed, passed], 'Guardrails: spec-guard succeeded (2 passed).'],
  ['one failed', [passed, failed], 'Guardrails: spec-guard failed (1/2 failed).'],
  ['all were skipped', [skipped, saidSkipped], 'Guardrails: spec-guard skipped (all 2 skipped).'],
  [
    'some did not run',
    [passed, skipped, never],
    'Guardrails: spec-guard partial (1 passed, 1 skipped, 1 pending of 3).',
  ],
])('guards of which %s', ([, stages, summary]) => {
  const status = endedRun(stages).guardrail_status;
  expect(status).toMatchObject({ present: stages.includes(passed), summary });
});

test('a failed guard is recommended to be run again', () => {
  const lines = endedRun([failed]).summary?.split('\n') ?? [];
  expect(lines.at(-2)).toMatch(/^Guardrail command failed; re-run/);
  expect(lines.at(-1)).toBe('Guardrails: spec-guard failed (1/1 failed).');
});

test('a missing guard is named only where one is asked for', () => {
  expect(endedRun([{ end: {} }], true).summary).toMatch(
    /^Guardrail command missing; .*\nGuardrails: spec-guard command not found\.$/,
  );
  expect(endedRun([{ end: {} }], false).summary).toBeNull();
});

test('a guard is known by its id, title or command', () => {
  const start = startedEvent(sampleStart(sampleLayout('/repo'), 1), at);
  for (const stage of [
    { id: 'Spec-Guard' },
    { title: 'SPEC-GUARD' },
    { command: 'x specGuardRunner' },
  ]) {
    const stages = [plannedStage(1, stage)];
    const layout = sampleLayout('/repo');
    const event = startedEvent({ ...sampleStart(layout), stages }, at);
    expect(applyEvent(undefined, event).guardrails_required).toBe(true);
  }
  expect(start.guardrails_required).toBe(false);
});
