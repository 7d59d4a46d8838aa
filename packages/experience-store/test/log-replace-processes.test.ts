import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';

import { bundleChildProgram, createSeededRandom } from '@codex-orchestrator/testing';
import type { ChildProgram } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { collect } from '../src/hygiene/collect.js';
import { parseLogLine } from '../src/record/parse-line.js';
import { createLogRig } from './hygiene-rig.js';
import type { LogRig } from './hygiene-rig.js';

let append: ChildProgram;
let collectAgain: ChildProgram;
beforeAll(async () => {
  const programOf = (name: string) =>
    bundleChildProgram(new URL(`programs/${name}.ts`, import.meta.url));
  [append, collectAgain] = await Promise.all([
    programOf('hygiene-append'),
    programOf('hygiene-collect'),
  ]);
});
afterAll(async () => {
  await append[Symbol.asyncDispose]();
  await collectAgain[Symbol.asyncDispose]();
});

interface Child {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ended: Promise<unknown>;
  lines(): string[];
}

function start(program: ChildProgram, rig: LogRig, name = ''): Child {
  const child = spawn(process.execPath, [program.path, rig.path('runs'), rig.path('out'), name]);
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const lines = (): string[] => {
    if (errors !== '') throw new Error(errors);
    return output.split('\n').slice(0, -1);
  };
  const ended = once(child, 'close');
  return { process: child, ended, lines };
}

async function untilLines(child: Child, count: number): Promise<void> {
  while (child.lines().length < count) {
    const more = once(child.process.stdout, 'data');
    const event = await Promise.race([more, child.ended.then(() => 'ended')]);
    if (event === 'ended') throw new Error('It has ended');
  }
}

async function kill(child: Child): Promise<void> {
  child.process.kill('SIGKILL');
  await child.ended;
}

async function stop(child: Child): Promise<void> {
  child.process.stdin.write('stop');
  await child.ended;
}

/** How often each record of the writers is there. */
async function countsIn(rig: LogRig): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const text of (await rig.text()).split('\n')) {
    const line = parseLogLine(text, 't');
    if (line.kind === 'bad') throw new Error(`A line is ${line.reason}: ${text}`);
    if (line.kind !== 'record' || line.record.domain === 'collected') continue;
    counts.set(line.record.id, (counts.get(line.record.id) ?? 0) + 1);
  }
  return counts;
}

test('beside a collector that is killed again and again, every record that was acknowledged is there once', async () => {
  await using rig = await createLogRig();
  const random = createSeededRandom(7);
  const writers = ['w1', 'w2', 'w3'].map((name) => start(append, rig, name));
  await Promise.all(writers.map((writer) => untilLines(writer, 5)));
  let replaced = 0;
  let carried = 0;
  for (let round = 0; round < 6; round++) {
    const collector = start(collectAgain, rig);
    await untilLines(collector, random.integer(1, 4));
    // Somewhere in the next round, wherever that is.
    for (let turns = random.integer(0, 40); turns > 0; turns--) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await kill(collector);
    for (const line of collector.lines()) {
      if (line.startsWith('replaced')) replaced += 1;
      carried += Number(line.split(' ')[1]);
    }
  }
  await Promise.all(writers.map(stop));
  await collect(rig.layout);
  const counts = await countsIn(rig);
  const acknowledged = writers.flatMap((writer) => writer.lines());
  expect(acknowledged.filter((id) => !counts.has(id))).toEqual([]);
  expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
  expect(replaced).toBeGreaterThan(5);
  expect(carried).toBeGreaterThan(0);
  expect((await rig.list('out')).filter((name) => /old-|tmp/.test(name))).toEqual([]);
}, 120_000);

test('of writers that are killed beside a collector, everything they acknowledged is there once', async () => {
  await using rig = await createLogRig();
  const random = createSeededRandom(8);
  const collector = start(collectAgain, rig);
  const acknowledged: string[] = [];
  for (let round = 0; round < 4; round++) {
    const writers = [0, 1].map((nth) => start(append, rig, `r${round}-${nth}`));
    await Promise.all(writers.map((writer) => untilLines(writer, random.integer(5, 30))));
    await Promise.all(writers.map(kill));
    acknowledged.push(...writers.flatMap((writer) => writer.lines()));
  }
  await kill(collector);
  expect(collector.lines().filter((line) => line.startsWith('replaced')).length).toBeGreaterThan(0);
  await collect(rig.layout);
  const counts = await countsIn(rig);
  expect(acknowledged.filter((id) => !counts.has(id))).toEqual([]);
  expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
}, 120_000);
