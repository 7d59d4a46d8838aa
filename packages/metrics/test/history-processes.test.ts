import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import type { ChildProgram, Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { rotateLive } from '../src/history/rotate.js';
import { listSegments } from '../src/history/segments.js';
import { createMetricsLayout } from '../src/layout.js';
import type { MetricsLayout } from '../src/layout.js';

const WRITERS = 8;
const ENTRIES = 150;

let appendEntries: ChildProgram;
beforeAll(async () => {
  appendEntries = await bundleChildProgram(new URL('fixtures/append-entries.ts', import.meta.url));
});
afterAll(async () => {
  await appendEntries[Symbol.asyncDispose]();
});

test('8 processes append while another rotates: each line is in one segment, whole', async () => {
  await using rig = await createRig();
  const layout = layoutIn(rig);
  const writers = await startWriters(rig, { count: WRITERS, entries: ENTRIES });
  const ends = Promise.all(writers.map(({ child }) => once(child, 'close')));
  for (const { child } of writers) child.stdin.write('go');
  const isOver = (): boolean => writers.every(({ child }) => child.exitCode !== null);
  while (!isOver()) {
    rotateLive(layout);
    await nextTurn();
  }
  expect(await ends).toEqual(writers.map(() => [0, null]));
  const found = await entriesOf(rig, layout);
  expect(found).toHaveLength(WRITERS * ENTRIES);
  expect(new Set(found)).toEqual(new Set(writers.flatMap(({ acknowledged }) => acknowledged())));
  expect(listSegments(layout).length).toBeGreaterThan(5);
});

test('of writers that are killed, everything they acknowledged is there', async () => {
  await using rig = await createRig();
  const layout = layoutIn(rig);
  const writers = await startWriters(rig, { count: 4, entries: 1_000_000 });
  for (const { child } of writers) child.stdin.write('go');
  for (const [index, { child, acknowledged }] of writers.entries()) {
    while (acknowledged().length < 10 * (index + 1)) await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    rotateLive(layout);
  }
  const found = new Set(await entriesOf(rig, layout));
  for (const { acknowledged } of writers) {
    expect(acknowledged().filter((runId) => !found.has(runId))).toEqual([]);
  }
});

interface Writer {
  readonly child: ChildProcessWithoutNullStreams;
  /** Runs whose entries it said to be there. */
  readonly acknowledged: () => string[];
}

async function startWriters(
  rig: Rig,
  { count, entries }: { readonly count: number; readonly entries: number },
): Promise<Writer[]> {
  const writers = Array.from({ length: count }, (_, index) => startWriter(rig, index, entries));
  await Promise.all(writers.map(({ child }) => once(child.stdout, 'data')));
  return writers;
}

function startWriter(rig: Rig, index: number, entries: number): Writer {
  const child = spawn(process.execPath, [
    appendEntries.path,
    rig.path('runs'),
    String(index),
    String(entries),
  ]);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return { child, acknowledged: () => output.split('\n').slice(1, -1) };
}

/** The run ids of all lines; each line must be a whole one. */
async function entriesOf(rig: Rig, layout: MetricsLayout): Promise<string[]> {
  const runs: string[] = [];
  for (const { name } of listSegments(layout)) {
    for (const text of (await rig.read(`runs/t/${name}`)).split('\n')) {
      if (text !== '') runs.push((JSON.parse(text) as { run_id: string }).run_id);
    }
  }
  return runs;
}

function layoutIn(rig: Rig): MetricsLayout {
  return createMetricsLayout({ taskId: 't', runsDir: rig.path('runs'), outDir: rig.path('out') });
}
