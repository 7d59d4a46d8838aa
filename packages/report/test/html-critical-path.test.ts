import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { criticalPath } from '../src/html/index.js';
import type { TimedStage } from '../src/html/index.js';

function stage(
  id: string,
  needs: TimedStage['needs'],
  startMs: number | null,
  endMs: number | null,
): TimedStage {
  return { id, needs, startMs, endMs };
}

test('the path is the longest chain, and the rest of the time is idle or waiting', () => {
  const found = criticalPath([
    stage('install', [], 0, 10),
    stage('build', ['install'], 12, 30),
    stage('lint', ['install'], 12, 50),
    stage('test', ['build'], 50, 100),
  ]);
  expect(found).toEqual({
    stages: [0, 1, 3],
    pathMs: 78,
    spanMs: 100,
    idleMs: 2,
    waitingMs: 20,
    recoverableMs: 22,
    waits: [0, 2, 2, 20],
  });
});

test('without needs, the order of the plan is the path', () => {
  const found = criticalPath([
    stage('a', null, 0, 5),
    stage('b', null, 6, 7),
    stage('c', null, 7, 9),
  ]);
  expect(found).toMatchObject({ stages: [0, 1, 2], pathMs: 8, idleMs: 1, waitingMs: 0 });
});

test('time of the run before the first and after the last stage is idle', () => {
  const found = criticalPath([stage('a', null, 5, 15)], { startMs: 0, endMs: 30 });
  expect(found).toMatchObject({
    pathMs: 10,
    spanMs: 30,
    idleMs: 20,
    recoverableMs: 20,
    waits: [5],
  });
});

test('stages that did not run, circles and needs that nobody has do no harm', () => {
  const found = criticalPath([
    stage('a', ['b'], 0, 4),
    stage('b', ['a', 'b', 'nobody'], 4, 6),
    stage('c', ['b'], null, null),
    stage('c', ['c'], 3, 1),
  ]);
  expect(found.stages).toEqual([0, 1]);
  expect(found.pathMs).toBe(6);
  expect(criticalPath([])).toMatchObject({ stages: [], spanMs: 0, recoverableMs: 0 });
});

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  'the path is as long as the longest of all chains, seed %i',
  (seed) => {
    const stages = randomStages(seed);
    const found = criticalPath(stages);
    expect(found.pathMs).toBe(longestOfAll(stages));
    const durations = found.stages.map((index) => durationOf(stages[index]));
    expect(durations.reduce((sum, duration) => sum + duration, 0)).toBe(found.pathMs);
    expect(found.stages.every((index) => stages[index]?.startMs !== null)).toBe(true);
    expect(found.idleMs).toBe(idleByCounting(stages, found.spanMs));
    // Each stage starts when all that it needs has ended, so the path cannot be longer than the run.
    expect(found.recoverableMs).toBe(found.spanMs - found.pathMs);
  },
);

function randomStages(seed: number): TimedStage[] {
  const random = createSeededRandom(seed + 1);
  const stages: TimedStage[] = [];
  for (let index = 0; index < random.integer(1, 9); index++) {
    const needs = stages.filter(() => random.next() < 0.35);
    const ready = Math.max(0, ...needs.map(({ endMs }) => endMs ?? 0));
    const startMs = ready + random.pick([0, 0, 3, 10]);
    stages.push(
      stage(
        `s${index}`,
        needs.map(({ id }) => id),
        startMs,
        startMs + random.integer(0, 20),
      ),
    );
  }
  return stages.reverse();
}

function longestOfAll(stages: readonly TimedStage[]): number {
  const byId = new Map(stages.map((one) => [one.id, one]));
  const endingIn = (one: TimedStage): number =>
    durationOf(one) +
    Math.max(0, ...(one.needs ?? []).map((need) => endingIn(byId.get(need) ?? one)));
  return Math.max(0, ...stages.map(endingIn));
}

function durationOf(one: TimedStage | undefined): number {
  return (one?.endMs ?? 0) - (one?.startMs ?? 0);
}

function idleByCounting(stages: readonly TimedStage[], spanMs: number): number {
  const first = Math.min(...stages.map(({ startMs }) => startMs ?? 0));
  const milliseconds = Array.from({ length: spanMs }, (_, index) => first + index);
  const isRunning = (at: number): boolean =>
    stages.some(({ startMs, endMs }) => (startMs ?? 0) <= at && at < (endMs ?? 0));
  return milliseconds.filter((at) => !isRunning(at)).length;
}
