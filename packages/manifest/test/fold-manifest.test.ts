import { expect, test } from 'vitest';

import { advance } from '../src/fold-manifest.js';
import { applyEvent, foldEvents } from '../src/index.js';
import type { Manifest, NewRunEvent, RunEvent } from '../src/index.js';
import { startedEvent } from '../src/started-event.js';
import { randomRun } from './random-run.js';
import { sampleLayout, sampleStart, stageFinished, stageStarted, succeeded } from './sample-run.js';

const at = '2026-01-06T06:53:38.000Z';

function started(stageCount: number): RunEvent {
  return startedEvent(sampleStart(sampleLayout('/repo'), stageCount), at);
}

function numbered(events: readonly (NewRunEvent | object)[], first = 2): RunEvent[] {
  return events.map((event, index) => ({ v: 1, seq: first + index, at, ...event }) as RunEvent);
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

test('folding all events gives what applying them one by one gives', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const run = randomRun(seed);
    const end = { type: 'run.finished', notes: [], ...run.end };
    const events = [started(run.stageCount), ...numbered([...run.events, end])];

    let manifest: Manifest | undefined;
    for (const event of events) manifest = applyEvent(frozen(manifest), event);

    expect(foldEvents(events), `seed ${seed}`).toEqual(manifest);
  }
});

test('no events fold to no record', () => {
  expect(foldEvents([])).toBeUndefined();
});

test('an event costs no copy of the stages', () => {
  const draft = advance(undefined, started(1000));
  const { commands } = draft;
  const untouched = commands.slice(1);
  for (const event of numbered([stageStarted(1), stageFinished(1)])) advance(draft, event);
  expect(draft.commands).toBe(commands);
  expect(commands.slice(1).every((stage, index) => stage === untouched[index])).toBe(true);
  expect(commands[0]?.status).toBe('succeeded');
});

test('stages are replaced, never changed: what a caller kept stays as it was', () => {
  const draft = advance(undefined, started(1));
  const kept = draft.commands[0];
  for (const event of numbered([stageStarted(1)])) advance(draft, event);
  expect(kept?.status).toBe('pending');
  expect(draft.commands[0]?.status).toBe('running');
});

test('a stage shows its attempts, and a child run is listed', () => {
  const child = { run_id: 'r', pipeline_id: 'p', status: 'succeeded', manifest: 'm' } as const;
  const manifest = foldEvents([
    started(1),
    ...numbered([
      stageStarted(1),
      { ...retry(1), attempt: 1 },
      { ...retry(1), attempt: 2 },
      stageFinished(1, { outcome: 'child-run', child_run: child }),
    ]),
  ]);
  expect(manifest?.commands[0]).toMatchObject({ attempts: 3, sub_run_id: 'r' });
  expect(manifest?.child_runs).toEqual([child]);
});

test('a cancellation shows until the end overrules it', () => {
  const cancelling = { type: 'run.cancelling', signal: 'SIGTERM', reason: 'signal' };
  const events = [started(1), ...numbered([cancelling])];
  expect(foldEvents(events)?.status_detail).toBe('cancelling:SIGTERM');
});

function retry(index: number) {
  return {
    type: 'stage.retried',
    index,
    id: `stage-${index}`,
    outcome: 'exited',
    exit_code: 1,
    signal: null,
    duration_ms: 1,
    delay_ms: 1,
    reason: null,
  };
}

const finished = { type: 'run.finished', notes: [], ...succeeded };

function counted(attempt: number) {
  return { type: 'run.recorded', attempt, history: 'metrics' };
}

test('the counting of an attempt that has ended shows until the next one begins', () => {
  const failed = [{ ...finished, status: 'failed' }, counted(1)];
  const first = foldEvents([started(1), ...numbered(failed)]);
  expect(first).toMatchObject({ status: 'failed', metrics_recorded: true });
  const resumed = {
    type: 'run.resumed',
    attempt: 2,
    stages: [],
    kept: [],
    reset: [],
    drift: [],
    moved: [],
    gap_ms: 0,
  };
  const second = [started(1), ...numbered([...failed, resumed, finished])];
  expect(foldEvents(second)).toMatchObject({ attempt: 2, metrics_recorded: false });
  expect(foldEvents([...second, ...numbered([counted(2)], 6)])?.metrics_recorded).toBe(true);
});

test('the counting of an attempt is no sign of life of its run', () => {
  const [end, line] = numbered([finished, { ...counted(1), at: '2026-01-07T00:00:00.000Z' }]);
  const manifest = foldEvents([started(1), ...[end, line].filter((event) => event !== undefined)]);
  expect(manifest).toMatchObject({ heartbeat_at: at, updated_at: '2026-01-07T00:00:00.000Z' });
});

const impossible: Readonly<Record<string, readonly object[]>> = {
  'a second start': [started(1)],
  'the end of a stage that has not started': [stageFinished(1)],
  'a second start of a stage': [stageStarted(1), stageStarted(1)],
  'a skip of a running stage': [
    stageStarted(1),
    { type: 'stage.skipped', index: 1, id: 'stage-1', reason: 'x', summary: null },
  ],
  'a retry of a finished stage': [stageStarted(1), stageFinished(1), { ...retry(1), attempt: 1 }],
  'a stage that is not planned': [stageStarted(2)],
  'a stage under another id': [{ ...stageStarted(1), id: 'other' }],
  'anything after the end': [finished, { type: 'run.cancelling', signal: null, reason: 'x' }],
  'the counting of an attempt that goes on': [counted(1)],
  'the counting of another attempt': [finished, counted(2)],
  'a second counting of an attempt': [finished, counted(1), counted(1)],
};

test.for(Object.entries(impossible))('%s is refused', ([, events]) => {
  expect(() => foldEvents([started(1), ...numbered(events)])).toThrow(
    expect.objectContaining({ code: 'EVENT_OUT_OF_ORDER' }),
  );
});

test('a journal that does not begin with the start is refused', () => {
  expect(() => foldEvents(numbered([stageStarted(1)]))).toThrow(
    expect.objectContaining({ code: 'EVENT_OUT_OF_ORDER' }),
  );
});

test('stages that are not numbered from 1 without gaps are refused', () => {
  const event = startedEvent(
    {
      ...sampleStart(sampleLayout('/repo'), 2),
      stages: sampleStart(sampleLayout('/repo'), 3).stages.slice(1),
    },
    at,
  );
  expect(() => foldEvents([event])).toThrow(
    expect.objectContaining({ code: 'EVENT_OUT_OF_ORDER' }),
  );
});

test('a record says what the run was given to know, and nothing of what it was not given', () => {
  const layout = sampleLayout('/repo');
  const pack = {
    id: 'p',
    domain: 'd',
    stamp: 'a'.repeat(64),
    experience_slots: 1,
    sources: ['prompts/p.md'],
    experiences: ['[exp exp-1 | epoch n/a | reward 1.00] build before test'],
    experience_ids: ['exp-1'],
  };
  const context = {
    instructions_hash: 'b'.repeat(64),
    instructions_sources: ['AGENTS.md'],
    prompt_packs: [pack],
    warnings: [],
  };
  const manifest = foldEvents([startedEvent({ ...sampleStart(layout, 1), context }, at)]);
  expect(manifest).toMatchObject({
    instructions_hash: context.instructions_hash,
    instructions_sources: ['AGENTS.md'],
    prompt_packs: [pack],
  });
  expect(manifest).not.toHaveProperty('context_warnings');
  expect(foldEvents([started(1)])).not.toHaveProperty('prompt_packs');
});
