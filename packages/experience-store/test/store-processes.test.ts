import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';

import { bundleChildProgram, createRig, createSeededRandom } from '@codex-orchestrator/testing';
import type { ChildProgram, Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { collect, createExperienceLayout, openExperienceStore } from '../src/index.js';
import type { ExperienceLayout } from '../src/index.js';
import { naiveAnswer } from './naive-log.js';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const BATCHES = 500;
const taskId = 'writers';

let program: ChildProgram;
beforeAll(async () => {
  program = await bundleChildProgram(new URL('./programs/record-and-look.ts', import.meta.url));
});
afterAll(() => program[Symbol.asyncDispose]());

interface Writer {
  /** What it has said, a line for each batch. */
  readonly lines: string[];
  readonly ended: Promise<unknown>;
  /** Resolves when it has said that many lines, or has ended. */
  reached(lines: number): Promise<void>;
  kill(): void;
}

function startWriter(rig: Rig, name: string): Writer {
  const child = spawn(process.execPath, [program.path, rig.root, name, `${BATCHES}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const pieces = (rest + text).split('\n');
    rest = pieces.pop() ?? '';
    lines.push(...pieces);
  });
  const state = { hasEnded: false };
  const ended = once(child, 'close').then(() => (state.hasEnded = true));
  return {
    lines,
    ended,
    async reached(wanted) {
      while (lines.length < wanted && !state.hasEnded) {
        await Promise.race([once(child.stdout, 'data'), ended]);
      }
    },
    kill: () => child.kill('SIGKILL'),
  };
}

function layoutOf(rig: Rig): ExperienceLayout {
  return createExperienceLayout({ taskId, runsDir: rig.path('runs'), outDir: rig.path('out') });
}

/** Kills and restarts one writer after the other until that many are dead. */
async function runWithKills(rig: Rig, kills: number, seed: number): Promise<string[]> {
  const random = createSeededRandom(seed);
  let started = 0;
  const next = (name: string): Writer => startWriter(rig, name + 'x'.repeat(started++));
  const running = NAMES.map((name) => next(name));
  const all = [...running];
  for (let kill = 0; kill < kills; kill++) {
    const at = random.integer(0, running.length - 1);
    const victim = running[at];
    const wanted = (victim?.lines.length ?? 0) + random.integer(1, 20);
    await victim?.reached(Math.min(wanted, BATCHES));
    victim?.kill();
    await victim?.ended;
    const successor = next(NAMES[at] ?? 'z');
    running[at] = successor;
    all.push(successor);
  }
  await Promise.all(all.map(({ ended }) => ended));
  return all.flatMap(({ lines }) => lines);
}

async function idsBy(rig: Rig, domain: string, limit: number): Promise<string[]> {
  const store = openExperienceStore({ runsDir: rig.path('runs'), outDir: rig.path('out') });
  const { records } = await store.fetchTop({ domain, limit, taskId });
  return records.map(({ id }) => id);
}

async function expectIndexEqualsScan(rig: Rig): Promise<void> {
  const layout = layoutOf(rig);
  const log = readFileSync(layout.logPath);
  const domains = ['shared', ...NAMES.map((name, at) => `of-${name}${'x'.repeat(at)}`), 'none'];
  const byIndex = await Promise.all(domains.map((domain) => idsBy(rig, domain, 20)));
  rmSync(layout.indexPath, { force: true });
  rmSync(layout.indexDir, { recursive: true, force: true });
  for (const [at, domain] of domains.entries()) {
    const byScan = await idsBy(rig, domain, 20);
    expect(byIndex[at], domain).toStrictEqual(byScan);
    const naive = naiveAnswer(log, { taskId, domain, limit: 20 });
    expect(byScan, domain).toStrictEqual(naive.map(({ id }) => id));
  }
}

function countOf(log: string, ids: readonly string[]): number[] {
  const counts = new Map<string, number>();
  for (const [, id = ''] of log.matchAll(/^\{"id":"([^"]+)"/gm)) {
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return ids.map((id) => counts.get(id) ?? 0);
}

test('eight processes, killed at random and started again, lose nothing that was acknowledged, and the index is what the log is', async () => {
  await using rig = await createRig();
  const said = await runWithKills(rig, 24, 7);
  expect(said.filter((line) => line.startsWith('missed'))).toStrictEqual([]);
  const acknowledged = said.flatMap((line) => line.split(' ')).filter((id) => id !== '');
  expect(acknowledged.length).toBeGreaterThan(8 * BATCHES);
  const counts = countOf(await rig.read('out/writers/experiences.jsonl'), acknowledged);
  expect(counts.filter((count) => count !== 1)).toStrictEqual([]);
  await expectIndexEqualsScan(rig);
}, 240_000);

test('a log that is collected while processes write to it loses nothing, and look-ups go on', async () => {
  await using rig = await createRig();
  const writers = NAMES.slice(0, 4).map((name, at) => startWriter(rig, name + 'x'.repeat(at)));
  const state = { isOver: false };
  const over = Promise.all(writers.map(({ ended }) => ended)).then(() => (state.isOver = true));
  let rounds = 0;
  while (!state.isOver) {
    await Promise.race([over, collect(layoutOf(rig), { lockWaitMs: 60_000 })]).catch(
      (error: unknown) => {
        // Before the first line there is no log to collect.
        if (rounds > 0) throw error;
      },
    );
    rounds++;
    await new Promise(setImmediate);
  }
  expect(rounds).toBeGreaterThan(1);
  const said = writers.flatMap(({ lines }) => lines);
  expect(said.filter((line) => line.startsWith('missed'))).toStrictEqual([]);
  const acknowledged = said.flatMap((line) => line.split(' ')).filter((id) => id !== '');
  expect(acknowledged).toHaveLength(4 * (BATCHES * 2 - 1));
  const counts = countOf(await rig.read('out/writers/experiences.jsonl'), acknowledged);
  expect(counts.filter((count) => count !== 1)).toStrictEqual([]);
  await expectIndexEqualsScan(rig);
}, 240_000);
