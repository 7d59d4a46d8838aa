import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { chainLine } from '../src/chain.js';
import { foldEvents, openRunRecord, readJournal } from '../src/index.js';
import { sampleLayout, sampleStart, stageFinished, stageStarted, succeeded } from './sample-run.js';

async function journalText(rig: Rig): Promise<string> {
  const layout = sampleLayout(rig.root);
  const record = await openRunRecord(sampleStart(layout, 1));
  record.append(stageStarted(1));
  record.append(stageFinished(1));
  await record.seal(succeeded);
  return rig.read(layout.relative(layout.journalPath));
}

async function readEvents(rig: Rig): Promise<object[]> {
  const lines = (await journalText(rig)).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as object);
}

function withoutChain(event: object): object {
  return { ...event, chain: undefined };
}

/** The lines as this version would have written them. */
function chained(events: readonly (object | undefined)[]): string[] {
  let previous = '';
  return events.map((event = {}) => {
    const { text, chain } = chainLine(event, previous);
    previous = chain;
    return text;
  });
}

test('a journal that is cut at any byte gives the whole lines before the cut', async () => {
  await using rig = await createRig();
  const text = await journalText(rig);
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index + 1);
  // The first line is long and like any other: its bytes are sampled.
  const cuts = Array.from({ length: text.length + 1 }, (_, cut) => cut).filter(
    (cut) => cut % 13 === 0 || ends.some((end) => Math.abs(end - cut) <= 3),
  );
  for (const cut of cuts) {
    await rig.write({ 'cut.ndjson': text.slice(0, cut) });
    const { events, damaged, tornTail, nextOffset } = await readJournal(rig.path('cut.ndjson'));
    const whole = ends.filter((end) => end <= cut);
    const lastEnd = whole.at(-1) ?? 0;
    expect({ seqs: events.map(({ seq }) => seq), damaged, nextOffset }, `cut at ${cut}`).toEqual({
      seqs: whole.map((_, at) => at + 1),
      damaged: [],
      nextOffset: lastEnd,
    });
    const torn = cut === lastEnd ? undefined : { offset: lastEnd, byteLength: cut - lastEnd };
    expect(tornTail, `cut at ${cut}`).toEqual(torn);
  }
});

test('a damaged line costs itself and is named with its place', async () => {
  await using rig = await createRig();
  const [first = '', second = '', third = '', fourth = ''] = (await journalText(rig)).split('\n');
  const broken = second.replace('"index":1', '"index":"1"');
  await rig.write({ 'j.ndjson': [first, broken, 'half a li', third, fourth, ''].join('\n') });

  const { events, damaged } = await readJournal(rig.path('j.ndjson'));

  expect(events.map(({ seq }) => seq)).toEqual([1, 3, 4]);
  expect(damaged).toEqual([
    {
      lineNumber: 2,
      offset: first.length + 1,
      byteLength: broken.length,
      reason: 'index: expected number, got "1"',
    },
    {
      lineNumber: 3,
      offset: first.length + broken.length + 2,
      byteLength: 9,
      reason: expect.stringContaining('JSON') as string,
    },
  ]);
});

test('a try that left half a line is told from damage: the lines around it are tied', async () => {
  await using rig = await createRig();
  const [first = '', second = '', ...rest] = (await journalText(rig)).split('\n');
  const text = [first, second.slice(0, 20), second, ...rest].join('\n');
  await rig.write({ 'j.ndjson': text });
  const { events, damaged, abandoned } = await readJournal(rig.path('j.ndjson'));
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  expect({ damaged, lines: abandoned.map(({ lineNumber }) => lineNumber) }).toEqual({
    damaged: [],
    lines: [2],
  });
  expect(foldEvents(events)).toMatchObject({ status: 'succeeded' });
});

test('a missing line shows by the numbers', async () => {
  await using rig = await createRig();
  const lines = (await journalText(rig)).split('\n');
  await rig.write({ 'j.ndjson': lines.toSpliced(1, 1).join('\n') });
  const { damaged } = await readJournal(rig.path('j.ndjson'));
  expect(damaged).toMatchObject([
    { lineNumber: 2, reason: 'the line was changed, or one before it is missing' },
  ]);
});

test('events and members of a newer version are kept, and the known ones read', async () => {
  await using rig = await createRig();
  const [first, second, ...rest] = (await readEvents(rig)).map(withoutChain);
  const paused = { v: 1, seq: 2, at: '2026-01-06T06:53:38Z', type: 'run.paused' };
  const newerStart = { v: 2, seq: 3, type: 'stage.started', shape: 'new' };
  const wider = { ...second, seq: 4, gpu: 'none' };
  const after = rest.map((event, at) => ({ ...event, seq: 5 + at }));
  const lines = chained([first, paused, newerStart, wider, ...after]);
  await rig.write({ 'j.ndjson': lines.join('\n') + '\n' });

  const { events, unknownEvents, damaged } = await readJournal(rig.path('j.ndjson'));

  expect(damaged).toEqual([]);
  expect(unknownEvents.map(({ type, v }) => [type, v])).toEqual([
    ['run.paused', 1],
    ['stage.started', 2],
  ]);
  expect(events[1]).toMatchObject({ seq: 4, type: 'stage.started', gpu: 'none' });
  expect(foldEvents(events)).toMatchObject({ status: 'succeeded' });
});

test('the log of another tool is read as events that are not known', async () => {
  await using rig = await createRig();
  const line = '{"type":"command:start","command":"true","timestamp":"x","index":1}\n';
  await rig.write({ 'runner.ndjson': line });
  const { events, unknownEvents, damaged } = await readJournal(rig.path('runner.ndjson'));
  expect({ events, damaged }).toEqual({ events: [], damaged: [] });
  expect(unknownEvents).toMatchObject([{ type: 'command:start', v: undefined }]);
});

test('an empty journal has no events, and a missing one cannot be read', async () => {
  await using rig = await createRig();
  await rig.write({ 'j.ndjson': '' });
  expect(await readJournal(rig.path('j.ndjson'))).toMatchObject({ events: [], nextOffset: 0 });
  await expect(readJournal(rig.path('none'))).rejects.toMatchObject({ code: 'JOURNAL_UNREADABLE' });
});
