import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import type { ChildProgram } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { effectiveStatus, findRun, foldEvents, readJournal } from '../src/index.js';
import { createDraw } from './random-run.js';
import { sampleLayout } from './sample-run.js';

let program: ChildProgram;

beforeAll(async () => {
  program = await bundleChildProgram(new URL('./fixtures/record-run.ts', import.meta.url));
});

afterAll(async () => {
  await program[Symbol.asyncDispose]();
});

interface Killing {
  readonly root: string;
  readonly stopAfter: number;
  readonly stageCount: number;
  /** Kills when the child has said that this many facts are recorded. */
  readonly killAfter: number;
}

/** Returns how many facts the child had confirmed when it was dead. */
async function runAndKill(killing: Killing): Promise<number> {
  const { root, stopAfter, stageCount, killAfter } = killing;
  const args = [program.path, root, String(stopAfter), String(stageCount)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let confirmed = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    confirmed = Number(line);
    if (confirmed === killAfter) child.kill('SIGKILL');
  }
  await closed;
  return confirmed;
}

/** The record after the kill: what was confirmed is there, and at most the fact under way as well. */
async function expectTrueRecord(root: string, confirmed: number): Promise<void> {
  const { run, unreadable } = await findRun('latest', { root });
  expect(unreadable).toEqual([]);
  expect(run).toMatchObject({ problems: [], unknownFields: [] });
  if (!run) throw new Error('no record');

  const { events, damaged } = await readJournal(run.layout.journalPath);
  expect(damaged).toEqual([]);
  expect(events.length).toBeGreaterThanOrEqual(confirmed);
  expect(events.length).toBeLessThanOrEqual(confirmed + 1);

  // The snapshot is the fold of some beginning of the journal.
  const known = events.slice(0, run.manifest.observability?.journal_lines);
  const { checksum, heartbeat_at, journal, observability } = run.manifest;
  const changing = { checksum, heartbeat_at, journal, observability };
  expect(run.manifest).toEqual({ ...foldEvents(known), ...changing });
  expect(journal?.head).toBe(known.at(-1)?.chain);
  const ended = run.manifest.status === 'succeeded';
  expect(effectiveStatus(run.manifest)).toMatchObject(
    ended ? { status: 'succeeded' } : { status: 'interrupted', reason: 'owner-dead' },
  );
}

test.for([1, 2, 3, 4, 5, 6, 7])(
  'a run that is killed after fact %i keeps that fact, and shows as interrupted',
  async (stopAfter) => {
    await using rig = await createRig();
    const killing = { root: rig.root, stopAfter, stageCount: 3, killAfter: stopAfter };
    expect(await runAndKill(killing)).toBe(stopAfter);
    await expectTrueRecord(rig.root, stopAfter);
    const { events } = await readJournal(sampleLayout(rig.root).journalPath);
    expect(events).toHaveLength(stopAfter);
  },
);

test('a run that is killed at a moment of chance keeps every fact that it confirmed', async () => {
  const draw = createDraw(4711);
  for (let round = 1; round <= 10; round++) {
    await using rig = await createRig();
    const killAfter = 1 + draw(120);
    const killing = { root: rig.root, stopAfter: 0, stageCount: 100, killAfter };
    await expectTrueRecord(rig.root, await runAndKill(killing));
  }
});

test('a run that nobody kills ends as recorded', async () => {
  await using rig = await createRig();
  await runAndKill({ root: rig.root, stopAfter: 0, stageCount: 3, killAfter: -1 });
  await expectTrueRecord(rig.root, 8);
});
