import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { criticalPath } from '../src/critical-path.js';
import type { CriticalPath, TimedStage } from '../src/critical-path.js';
import { criticalPathWords } from '../src/render/critical-path.js';
import { call, onlyJson } from './call.js';
import { pipelineOf } from './pipeline-of.js';

/** A stage that ran from one second of the run to another. */
function ran(id: string, from: number, to: number, needs: readonly string[] | null): TimedStage {
  const at = (second: number): string => new Date(second * 1000).toISOString();
  const times = { started_at: at(from), completed_at: at(to), duration_ms: (to - from) * 1000 };
  return { id, needs, ...times };
}

const never = { started_at: null, completed_at: null, duration_ms: null };

test('the chain that took longest, what ran beside it, and what could be won back', () => {
  const stages = [
    ran('guard', 0, 2, []),
    ran('build', 0, 12, []),
    ran('lint', 3, 15, []),
    ran('test', 15, 55, ['build']),
  ];
  const path = criticalPath(stages);
  expect(path).toStrictEqual({
    path: [
      { id: 'build', ms: 12_000 },
      { id: 'test', ms: 40_000 },
    ],
    critical_ms: 52_000,
    wall_ms: 55_000,
    serial_ms: 66_000,
    saved_ms: 11_000,
    recoverable_ms: 3000,
  });
  expect(criticalPathWords(path)).toBe(
    'build 12.0s → test 40.0s (52.0s of 55.0s wall); 3.0s recoverable',
  );
});

test('of stages in the order of the plan nothing is said to be recoverable', () => {
  const path = criticalPath([ran('a', 0, 1, null), ran('b', 1, 3, null), ran('c', 4, 5, null)]);
  expect(path).toMatchObject({ critical_ms: 4000, wall_ms: 5000, saved_ms: 0 });
  expect(path?.recoverable_ms).toBeNull();
  expect(path?.path.map(({ id }) => id)).toStrictEqual(['a', 'b', 'c']);
  expect(criticalPathWords(path)).toBeUndefined();
});

test('stages that never ran count for nothing, also where others need them', () => {
  const stages = [
    ran('a', 0, 1, []),
    ran('b', 1, 3, ['a', 'gone', 'a']),
    { id: 'c', needs: ['b'], ...never },
  ];
  expect(criticalPath(stages)).toMatchObject({ critical_ms: 3000, serial_ms: 3000 });
});

test.each([
  ['no stage', []],
  ['one stage that ran', [ran('a', 0, 1, []), { id: 'b', needs: ['a'], ...never }]],
  ['needs in a circle', [ran('a', 0, 1, []), ran('b', 0, 1, ['c']), ran('c', 0, 1, ['b'])]],
  ['a stage that needs itself', [ran('a', 0, 1, []), ran('b', 0, 1, ['b'])]],
  ['an id twice', [ran('a', 0, 1, []), ran('a', 0, 1, [])]],
  ['a time that is none', [ran('a', 0, 1, []), { ...ran('b', 0, 1, []), started_at: 'soon' }]],
])('there is no critical path for %s', (_what, stages) => {
  expect(criticalPath(stages)).toBeUndefined();
});

test('a wall clock that jumps makes the run neither shorter than its chain nor longer than itself', () => {
  const back = [
    ran('a', 0, 5, []),
    { ...ran('b', 5, 9, ['a']), completed_at: '1969-01-01T00:00Z' },
  ];
  expect(criticalPath(back)).toMatchObject({ wall_ms: 9000, recoverable_ms: 0 });
  const ahead = [ran('a', 0, 5, []), { ...ran('b', 3600, 3604, ['a']) }];
  expect(criticalPath(ahead, 10_000)).toMatchObject({ wall_ms: 10_000, recoverable_ms: 1000 });
});

test('a long chain is told by its longest stages', () => {
  const stages = Array.from({ length: 40 }, (_, at) => {
    return ran(`s${at}`, at, at + (at % 9 === 4 ? 0.9 : 0.1), at === 0 ? [] : [`s${at - 1}`]);
  });
  expect(criticalPathWords(criticalPath(stages))).toBe(
    's0 0.1s → s1 0.1s → … → s4 0.9s → … → s13 0.9s → … → s22 0.9s → … → s31 0.9s → … ' +
      '(7.2s of 39.1s wall); 31.9s recoverable',
  );
});

test('five thousand stages are no work to speak of', () => {
  const stages = Array.from({ length: 5000 }, (_, at) => {
    return ran(`s${at}`, at, at + 1, at === 0 ? [] : [`s${at - 1}`, 's0']);
  });
  expect(criticalPath(stages)).toMatchObject({ critical_ms: 5_000_000, recoverable_ms: 0 });
});

test('start and show tell it of stages that declare needs, and of one attempt alone', async () => {
  await using rig = await createRig();
  const command = '[ -e tried ] || { touch tried; exit 1; }';
  const stages = [
    { id: 'a', needs: [] },
    { id: 'b', needs: ['a'], command },
  ];
  await rig.write({ 'codex.orchestrator.json': pipelineOf(...stages) });
  const started = await call(['start', '--task=t', '--format=text'], { cwd: rig.root });
  const line =
    /^Critical path: a \d+\.\ds → b \d+\.\ds \(.* wall\); (?:nothing|\d.*s) recoverable$/m;
  expect(started.stdout).toMatch(line);
  expect((await call(['show'], { cwd: rig.root })).stdout).toMatch(line);
  const shown = onlyJson(await call(['show', '--format=json'], { cwd: rig.root }));
  expect(shown).toMatchObject({ critical_path: { path: [{ id: 'a' }, { id: 'b' }] } });
  const resumed = await call(['resume', '--run=latest', '--format=json'], { cwd: rig.root });
  expect(onlyJson(resumed)).toMatchObject({ status: 'succeeded' });
  expect(onlyJson(resumed)).not.toHaveProperty('critical_path');
});

test('in random graphs it is what trying every chain gives, in whatever order they are listed', () => {
  const random = createRandom(7);
  for (let round = 0; round < 100; round++) {
    const stages = randomRun(random);
    const path = criticalPath(stages);
    const longest = Math.max(...stages.map((stage) => longestBehind(stage, stages)));
    expect(path?.critical_ms).toBe(longest);
    expectConsistent(path, stages);
    expect(criticalPath([...stages].reverse())?.critical_ms).toBe(longest);
  }
});

function expectConsistent(path: CriticalPath | undefined, stages: readonly TimedStage[]): void {
  if (!path) throw new Error('Expected a critical path');
  const { critical_ms: critical, wall_ms: wall, serial_ms: serial } = path;
  expect(path.path.reduce((sum, { ms }) => sum + ms, 0)).toBe(critical);
  for (const [at, { id }] of path.path.entries()) {
    const needs = stages.find((stage) => stage.id === id)?.needs ?? [];
    const before = path.path[at - 1];
    if (before) expect(needs).toContain(before.id);
  }
  expect(serial).toBeGreaterThanOrEqual(critical);
  expect(path.recoverable_ms).toBe(wall - critical);
  expect(path.recoverable_ms).toBeGreaterThanOrEqual(0);
  expect(path.saved_ms).toBe(Math.max(0, serial - wall));
}

/** Every chain that ends with a stage, by recursion. */
function longestBehind(stage: TimedStage, stages: readonly TimedStage[]): number {
  const behind = (stage.needs ?? []).flatMap((need) => stages.filter(({ id }) => id === need));
  const before = behind.map((needed) => longestBehind(needed, stages));
  return (stage.duration_ms ?? 0) + Math.max(0, ...before);
}

/** A run of stages that each began some time after what they need had ended. */
function randomRun(random: () => number): TimedStage[] {
  const stages: { stage: TimedStage; end: number }[] = [];
  const count = 2 + Math.floor(random() * 9);
  for (let at = 0; at < count; at++) {
    const needed = stages.filter(() => random() < 0.35);
    const start = Math.max(0, ...needed.map(({ end }) => end)) + Math.floor(random() * 3);
    const end = start + Math.floor(random() * 20);
    const needs = needed.map(({ stage }) => stage.id);
    stages.push({ stage: ran(`s${at}`, start, end, needs), end });
  }
  return stages.map(({ stage }) => stage);
}

function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
