import { expect, test } from 'vitest';

import { ExperienceError } from '../src/errors.js';
import { earlierRuns, rewardOf } from '../src/gate/reward.js';
import { scoreOf } from '../src/record/record.js';

import type { RunOutcome } from '../src/gate/reward.js';

test('a run that nothing came before is half a surprise', () => {
  const earlier = { succeeded: 0, finished: 0 };
  expect(rewardOf({ outcome: 'succeeded', earlier })).toEqual({ gtScore: 1, relativeRank: 0.5 });
  expect(rewardOf({ outcome: 'failed', earlier })).toEqual({ gtScore: 0, relativeRank: 0.5 });
});

test('a fix ranks above routine success, that above a surprising failure, that above a routine one', () => {
  const score = (outcome: RunOutcome, succeeded: number): number => {
    const reward = rewardOf({ outcome, earlier: { succeeded, finished: 20 } });
    return reward === undefined ? Number.NaN : scoreOf(reward);
  };
  const scores = [
    score('succeeded', 0),
    score('succeeded', 20),
    score('failed', 20),
    score('failed', 0),
  ];
  expect(scores).toEqual([1.9545, 1.0455, 0.9545, 0.0455]);
});

test('the more often it went the same way, the less it is a surprise', () => {
  for (let finished = 0; finished < 20; finished++) {
    for (let succeeded = 0; succeeded <= finished; succeeded++) {
      const here = { succeeded, finished };
      const surprise = (outcome: RunOutcome, earlier: typeof here): number =>
        rewardOf({ outcome, earlier })?.relativeRank ?? Number.NaN;
      const better = { succeeded: succeeded + 1, finished: finished + 1 };
      const worse = { succeeded, finished: finished + 1 };
      expect(surprise('succeeded', better)).toBeLessThan(surprise('succeeded', here));
      expect(surprise('failed', worse)).toBeLessThan(surprise('failed', here));
      expect(surprise('failed', here)).toBeLessThan(1);
    }
  }
});

test('what was not carried to its end has no reward', () => {
  for (const outcome of ['cancelled', 'interrupted', 'timed_out'] as const) {
    expect(rewardOf({ outcome, earlier: { succeeded: 3, finished: 4 } })).toBeUndefined();
  }
});

test('the last 20 runs with a result count', () => {
  const outcomes: RunOutcome[] = [
    ...Array.from({ length: 30 }, () => 'succeeded' as const),
    ...Array.from({ length: 15 }, () => 'failed' as const),
    'cancelled',
    'timed_out',
    'interrupted',
  ];
  expect(earlierRuns(outcomes)).toEqual({ succeeded: 5, finished: 20 });
  expect(earlierRuns([])).toEqual({ succeeded: 0, finished: 0 });
});

test('counts that cannot be are refused', () => {
  for (const [succeeded, finished] of [
    [2, 1],
    [-1, 1],
    [0.5, 1],
    [0, Number.NaN],
    [0, Infinity],
  ] as const) {
    const attempt = (): unknown =>
      rewardOf({ outcome: 'failed', earlier: { succeeded, finished } });
    expect(attempt).toThrow(ExperienceError);
    expect(attempt).toThrow(`${succeeded} of ${finished}`);
  }
});
