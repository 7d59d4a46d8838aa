import { createManualClock } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { exportRecords } from '../src/hygiene/export-records.js';
import type { ExportOptions } from '../src/hygiene/export-records.js';
import { importRecords } from '../src/hygiene/import-records.js';
import { listRecords } from '../src/hygiene/list-records.js';
import { createLogRig, experience, markLine, outcomeLine, recordLine } from './hygiene-rig.js';
import type { LogRig } from './hygiene-rig.js';

async function exportText(rig: LogRig, options: ExportOptions = {}): Promise<string> {
  let text = '';
  const report = await exportRecords(rig.layout, options, async (part) => {
    await Promise.resolve();
    text += part;
  });
  expect(report.bytes).toBe(Buffer.byteLength(text));
  return text;
}

async function fill(rig: LogRig): Promise<void> {
  await rig.log([
    recordLine({ id: 'exp-a-1', uses: 1 }),
    recordLine({ id: 'exp-b-2', domain: 'other', summary32: 'Ümläut and "quotes"' }),
    recordLine({ id: 'exp-c-3' }),
    outcomeLine('helped', ['exp-a-1']),
    markLine('forgotten', 'exp-c-3'),
    'no record',
  ]);
}

test('records come with the counters of their notes, forgotten ones do not come', async () => {
  await using rig = await createLogRig();
  await fill(rig);
  const lines = (await exportText(rig)).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { id: 'exp-a-1', uses: 2, helped: 1 },
    { id: 'exp-b-2' },
  ]);
  const array = JSON.parse(await exportText(rig, { format: 'json' })) as unknown[];
  expect(array).toEqual(lines.map((line) => JSON.parse(line) as unknown));
  expect(await exportText(rig, { domains: new Set(['none']), format: 'json' })).toBe('[\n]\n');
});

test.each(['json', 'jsonl'] as const)(
  'what was exported as %s is imported as it was, once',
  async (format) => {
    await using from = await createLogRig();
    await using to = await createLogRig();
    await fill(from);
    const lines = (await exportText(from, { format })).split('\n');
    const first = await importRecords(to.layout, lines);
    expect(first).toMatchObject({ imported: 2, alreadyThere: 0, badLines: 0 });
    const again = await importRecords(to.layout, lines);
    expect(again).toMatchObject({ imported: 0, alreadyThere: 2, bytes: 0 });
    const { records } = await listRecords(to.layout);
    const { records: before } = await listRecords(from.layout);
    const withoutHash = (each: (typeof records)[number]) => ({ ...each, contentHash: null });
    expect(records.map(withoutHash)).toEqual(before.map(withoutHash));
  },
);

test('lines of other writers get what they lack, and lines that are bad are named', async () => {
  await using rig = await createLogRig();
  const peer = experience({ id: 'p 1', taskId: 'theirs', createdAt: 'today' });
  const lines = [
    JSON.stringify({ ...peer, contentHash: undefined, evidence: undefined, seen: undefined }),
    'no record',
    recordLine({ id: 'blank', summary32: ' ' }),
    markLine('pinned', 'x'),
    recordLine({ id: 'exp-d-4', summary32: 'one two three four' }),
    recordLine({ id: 'exp-d-4', summary32: 'again' }),
  ];
  const clock = createManualClock();
  const report = await importRecords(rig.layout, lines, {
    clock,
    maxWords: 3,
    redact: (text) => text.replace('two', '[redacted]'),
  });
  expect(report).toMatchObject({ imported: 2, alreadyThere: 1, skippedNotes: 1, badLines: 2 });
  expect(report.problems).toEqual([
    { line: 2, reason: 'it is not a JSON object' },
    { line: 3, reason: 'summary is blank' },
  ]);
  const { records } = await listRecords(rig.layout, { order: 'best' });
  expect(records).toMatchObject([
    {
      taskId: 't',
      createdAt: new Date(clock.nowMs()).toISOString(),
      id: expect.stringMatching(/^exp-/) as string,
    },
    { id: 'exp-d-4', summary32: 'one [redacted] three' },
  ]);
});

test('an import that is aborted leaves whole batches, and goes on when it is repeated', async () => {
  await using rig = await createLogRig();
  const lines = Array.from({ length: 50 }, (_, nth) => recordLine({ id: `exp-a-${nth}` }));
  const controller = new AbortController();
  const onProgress = ({ imported }: { readonly imported: number }): void => {
    if (imported === 20) controller.abort(new Error('enough'));
  };
  const { signal } = controller;
  const options = { batchRecords: 10, signal, onProgress };
  await expect(importRecords(rig.layout, lines, options)).rejects.toThrow('enough');
  expect((await listRecords(rig.layout)).total).toBe(20);
  expect(await importRecords(rig.layout, lines)).toMatchObject({ imported: 30, alreadyThere: 20 });
});
