import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';

import { nodeFileSystem, systemClock } from '@codex-orchestrator/core';
import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import type { ChildProgram, Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { listUnsealedRuns, readJournal, readManifest, verifyRun } from '../src/index.js';
import { continueRun, leaveDeadRun, logName } from './dead-run.js';
import { countedIn, fileHistory } from './file-history.js';
import { sampleLayout } from './sample-run.js';

const timeoutMs = 300_000;
const ports = { fs: nodeFileSystem, clock: systemClock };
const historyOf = (rig: Rig): string => rig.path('history');
let program: ChildProgram;

beforeAll(async () => {
  program = await bundleChildProgram(new URL('./fixtures/continue-run.ts', import.meta.url));
});

afterAll(async () => {
  await program[Symbol.asyncDispose]();
});

/** What a child said that goes on with a dead run and kills itself before its nth change. */
async function continueInChild(rig: Rig, dieBefore: number): Promise<string[]> {
  await leaveDeadRun(sampleLayout(rig.root), ports);
  const args = [program.path, rig.root, String(dieBefore)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect(child.signalCode).toBe(dieBefore === 0 ? null : 'SIGKILL');
  return said.trimEnd().split('\n');
}

async function expectWholeAfterKill(dieBefore: number): Promise<void> {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const said = await continueInChild(rig, dieBefore);
  const history = fileHistory(historyOf(rig), nodeFileSystem);
  await continueRun(layout, { ...ports, history });
  const place = `killed before change ${dieBefore}`;
  const { events, damaged } = await readJournal(layout.journalPath);
  expect(damaged, place).toEqual([]);
  expect(events.length, place).toBeGreaterThanOrEqual(Number(said.at(-1)));
  const { manifest } = await readManifest(layout.manifestPath);
  expect(manifest, place).toMatchObject({ status: 'succeeded', metrics_recorded: true });
  expect(countedIn(historyOf(rig), nodeFileSystem), place).toEqual(
    Array.from({ length: manifest.attempt }, (_, at) => `${layout.runId} ${at + 1}`),
  );
  expect(await verifyRun(layout), place).toMatchObject({ verdict: 'intact', sealed: true });
  expect((await listUnsealedRuns({ root: rig.root })).layouts, place).toEqual([]);
  const log = `${layout.runDir}/attempts/1/${logName(2)}`;
  expect(readFileSync(log, 'utf8'), place).toBe('one\n');
  expect(readdirSync(layout.runDir), place).toContain('runner.ndjson.torn-1');
}

test(
  'a process that is killed before any change of recovering and resuming loses nothing that it confirmed and counts no attempt twice',
  async () => {
    await using rig = await createRig();
    const changes = Number((await continueInChild(rig, 0)).at(-1)?.replace('changes ', ''));
    expect(changes).toBeGreaterThan(40);
    const points = Array.from({ length: changes }, (_, at) => at + 1);
    const work = async (): Promise<void> => {
      for (let next = points.shift(); next !== undefined; next = points.shift()) {
        await expectWholeAfterKill(next);
      }
    };
    await Promise.all([work(), work()]);
  },
  timeoutMs,
);
