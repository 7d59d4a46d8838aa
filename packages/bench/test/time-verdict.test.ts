import { createRandom } from '@codex-orchestrator/report/statistics';
import { expect, test } from 'vitest';

import type { PairedSample } from '../src/results/result.js';
import { decide } from '../src/time/decide.js';
import { judgeControls } from '../src/time/controls.js';
import { logRatios } from '../src/time/log-ratios.js';
import type { Measure } from '../src/time/measure-batch.js';
import { judgePairs } from '../src/time/verdict.js';

/** Ratios of three processes of a quiet machine on equal builds, as they were measured once. */
const equalBuilds = [
  [1.004, 0.997, 1.011, 0.992, 1.003, 0.999, 1.008, 0.995, 1.001, 0.987, 1.006, 1.002],
  [0.998, 1.005, 0.994, 1.009, 1.0, 0.991, 1.004, 1.013, 0.996, 1.002, 0.999, 1.007],
  [1.006, 1.001, 0.989, 1.003, 1.012, 0.998, 0.995, 1.004, 1.0, 1.008, 0.993, 1.121],
];

test('equal builds are unchanged, with bounds around a ratio of one', () => {
  const judged = judgePairs(scaled(1), { seed: 1 });
  expect(judged.verdict).toBe('unchanged');
  expect(judged.ratio).toBeCloseTo(1.001, 3);
  expect(judged.lower).toBeLessThan(1);
  expect(judged.upper).toBeGreaterThan(1);
  expect(judged.smallestVisible).toBeGreaterThan(1.03);
  expect(judged.smallestVisible).toBeLessThan(1.05);
});

test('a slowdown is a regression where its bound is beyond the margin, not before', () => {
  expect(judgePairs(scaled(1.1), { seed: 1 }).verdict).toBe('regressed');
  expect(judgePairs(scaled(1.05), { seed: 1 }).verdict).toBe('regressed');
  // Surely slower, but by no more than the margin.
  const slight = judgePairs(scaled(1.02), { seed: 1 });
  expect(slight.lower).toBeGreaterThan(1);
  expect(slight.verdict).toBe('unchanged');
});

test('a speed-up is judged as the mirror image of a slowdown', () => {
  expect(judgePairs(scaled(1 / 1.05), { seed: 1 }).verdict).toBe('improved');
  expect(judgePairs(scaled(1 / 1.02), { seed: 1 }).verdict).toBe('unchanged');
});

test('one process that disagrees is enough against a regression', () => {
  const [first = [], second = []] = scaled(1.2);
  const [, , third = []] = scaled(1.01);
  const judged = judgePairs([first, second, third], { seed: 1 });
  expect(judged.verdict).toBe('undecided');
  expect(judged.smallestVisible).toBeGreaterThan(1.15);
});

test('processes that differ widen the interval, however much their own rounds agree', () => {
  const effects = [1.04, 1.09, 1.02, 1.12, 1.05, 1.08];
  const groups = effects.map((effect) => Array.from({ length: 12 }, () => Math.log(effect)));
  const { lower, upper, verdict } = judgePairs(groups, { seed: 1 });
  // Mean and deviation of their logarithms, and the quantile of t for five degrees of freedom.
  const [mean, reach] = [0.0641, (3.365 * 0.0343) / Math.sqrt(6)];
  expect(Math.log(lower)).toBeCloseTo(mean - reach, 3);
  expect(Math.log(upper)).toBeCloseTo(mean + reach, 3);
  expect(verdict).toBe('undecided');
  expect(judgePairs([...groups, ...groups, ...groups], { seed: 1 }).verdict).toBe('regressed');
});

test('noise that could hide a slowdown of a tenth is undecided', () => {
  const wild = equalBuilds.map((group) => group.map((ratio) => Math.log(ratio) * 40));
  const judged = judgePairs(wild, { seed: 1 });
  expect(judged.verdict).toBe('undecided');
  expect(judged.smallestVisible).toBeGreaterThan(1.1);
});

test('the same samples are judged the same', () => {
  expect(judgePairs(scaled(1.04), { seed: 3 })).toEqual(judgePairs(scaled(1.04), { seed: 3 }));
});

test.each([
  ['a quiet machine', { luck: 0.005, noise: 0.02 }],
  ['a crowded machine', { luck: 0.05, noise: 0.15 }],
])(
  'on %s, equal builds are no regressions, and builds slower by a tenth are',
  async (_, machine) => {
    const random = createRandom(11);
    const found = async (runs: number, effect: number): Promise<number> => {
      let count = 0;
      for (let run = 0; run < runs; run += 1) {
        const { verdict } = await decide(simulated(random, effect, machine), { seed: run });
        if (verdict === 'regressed') count += 1;
      }
      return count;
    };
    expect(await found(20, 1)).toBe(0);
    expect(await found(12, 1.1)).toBeGreaterThanOrEqual(11);
  },
);

test('an undecided guard is measured once more and judged by all samples', async () => {
  const measure = scripted([wide(1), calm(1)]);
  const decision = await decide(measure, { seed: 1 });
  expect(measure.taken()).toBe(2);
  expect(decision.samples).toHaveLength(72);
  const all = judgePairs(logRatios(decision.samples, 'candidate'), { seed: 1 });
  expect(decision.judgement).toEqual(all);
});

test('a regression is one that fresh processes find again by themselves', async () => {
  const measure = scripted([calm(1.1), calm(1.1)]);
  const decision = await decide(measure, { seed: 1 });
  expect(decision.verdict).toBe('regressed');
  expect(decision.reason).toContain('found twice');
  expect(decision.judgement?.perProcess).toHaveLength(3);
  expect(decision.samples).toHaveLength(72);
});

test('a regression that fresh processes do not find again is none, and the report says so', async () => {
  const decision = await decide(scripted([calm(1.1), calm(1)]), { seed: 1 });
  expect(decision.verdict).toBe('unchanged');
  expect(decision.reason).toContain('a first measurement said +10');
});

test('a process that fails while confirming makes the guard fail, whatever was found before', async () => {
  const measure = scripted([calm(1.1)]);
  const decision = await decide(measure, { seed: 1 });
  expect(decision).toMatchObject({ verdict: 'failed', reason: 'script is over' });
});

test('controls pass where the copy is alike and the slowed one is found, and fail otherwise', () => {
  const passed = (copy: number, slowed: number, spread = 1): readonly boolean[] =>
    judgeControls(controlSamples(copy, slowed, spread), { guard: 'g', seed: 1 }).map(
      (control) => control.passed,
    );
  expect(passed(1, 1.1)).toEqual([true, true]);
  expect(passed(1.06, 1.1)).toEqual([false, true]);
  expect(passed(1 / 1.06, 1.1)).toEqual([false, true]);
  expect(passed(1, 1)).toEqual([true, false]);
  // Too wide to say anything.
  expect(passed(1, 1.1, 40)).toEqual([false, false]);
});

function scaled(effect: number): number[][] {
  return equalBuilds.map((group) => group.map((ratio) => Math.log(ratio * effect)));
}

/** Processes differ by luck, their rounds by noise, and one round in ten by much more. */
function simulated(
  random: () => number,
  effect: number,
  { luck, noise }: { readonly luck: number; readonly noise: number },
): Measure {
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let process = 0;
  return () => {
    const samples: PairedSample[] = [];
    for (let count = 0; count < 3; count += 1) {
      const ofProcess = Math.log(effect) + normal() * luck;
      process += 1;
      for (let round = 0; round < 12; round += 1) {
        const ofRound = normal() * (random() < 0.1 ? 10 * noise : noise);
        samples.push(sample(process, round, { candidate: Math.exp(ofProcess + ofRound) }));
      }
    }
    return Promise.resolve({ outcome: 'measured', samples });
  };
}

function calm(effect: number): readonly (readonly number[])[] {
  return scaled(effect).map((group) => group.map(Math.exp));
}

function wide(effect: number): readonly (readonly number[])[] {
  return equalBuilds.map((group) => group.map((ratio) => effect * ratio ** 40));
}

/** Gives one batch after the other, and fails when there are no more. */
function scripted(batches: readonly (readonly (readonly number[])[])[]): Measure & {
  readonly taken: () => number;
} {
  let taken = 0;
  const measure: Measure = () => {
    const batch = batches[taken];
    taken += 1;
    if (batch === undefined)
      return Promise.resolve({ outcome: 'failed', message: 'script is over' });
    const samples = batch.flatMap((ratios, index) =>
      ratios.map((ratio, round) => sample((taken - 1) * 3 + index, round, { candidate: ratio })),
    );
    return Promise.resolve({ outcome: 'measured', samples });
  };
  return Object.assign(measure, { taken: () => taken });
}

function controlSamples(copy: number, slowed: number, spread: number): readonly PairedSample[] {
  return equalBuilds.flatMap((ratios, process) =>
    ratios.map((ratio, round) => {
      // Another order, so that both controls do not move together.
      const other = ratios.at(-1 - round) ?? 1;
      return sample(process, round, {
        null: copy * ratio ** spread,
        slowed: slowed * other ** spread,
      });
    }),
  );
}

function sample(
  process: number,
  round: number,
  sides: Partial<Record<'candidate' | 'null' | 'slowed', number>>,
): PairedSample {
  const others = Object.entries(sides) as ['candidate' | 'null' | 'slowed', number][];
  return {
    process,
    round,
    calls: [
      { side: 'base', cpuMs: 10, wallMs: 11 },
      ...others.map(([side, ratio]) => ({ side, cpuMs: ratio * 10, wallMs: 11 })),
    ],
  };
}
