import { appendFile, truncate } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { JournalFollower } from '../src/follow/journal-follower.js';

const event = { v: 1, seq: 3, at: '2026-01-01T00:00:00.000Z', type: 'run.cancelling' };
const cancelling = { ...event, signal: 'SIGINT', reason: 'signal' };

async function read(journal: JournalFollower): Promise<unknown[]> {
  const lines: unknown[] = [];
  const hasRead = await journal.read(({ value, event: known }) => {
    lines.push([value, known !== undefined]);
  });
  expect(hasRead).toBe(lines.length > 0);
  return lines;
}

test('each whole line is delivered once, and a part of one not before it is whole', async () => {
  await using rig = await createRig();
  const path = rig.path('journal');
  const journal = new JournalFollower(path);
  expect(await read(journal)).toStrictEqual([]);
  const line = JSON.stringify(cancelling);
  await appendFile(path, `${line}\n${line.slice(0, 20)}`);
  expect(await read(journal)).toStrictEqual([[cancelling, true]]);
  expect(await read(journal)).toStrictEqual([]);
  await appendFile(path, `${line.slice(20)}\n`);
  expect(await read(journal)).toStrictEqual([[cancelling, true]]);
});

test('a line that was cut short and taken away by a repair is never seen', async () => {
  await using rig = await createRig();
  const path = rig.path('journal');
  const journal = new JournalFollower(path);
  const line = `${JSON.stringify(cancelling)}\n`;
  await appendFile(path, `${line}{"v":1,"seq":4,"at":"2026-`);
  expect(await read(journal)).toHaveLength(1);
  await truncate(path, line.length);
  expect(await read(journal)).toStrictEqual([]);
  await appendFile(path, line);
  expect(await read(journal)).toHaveLength(1);
});

test('what is no event is passed on as it is, what is no JSON is counted', async () => {
  await using rig = await createRig();
  const path = rig.path('journal');
  const journal = new JournalFollower(path);
  const newer = { ...cancelling, more: 1 };
  const foreign = { type: 'run.applauded', v: 1, seq: 4 };
  await appendFile(path, `${JSON.stringify(newer)}\n${JSON.stringify(foreign)}\n{ torn\n[]\n`);
  const lines: unknown[] = [];
  await journal.read(({ value, event: known }) => {
    lines.push([value, known !== undefined]);
  });
  expect(lines).toStrictEqual([
    [newer, true],
    [foreign, false],
  ]);
  expect(journal.unreadableLines).toBe(2);
});
