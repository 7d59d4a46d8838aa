import { expect, test } from 'vitest';

import { ExperienceError } from '../src/errors.js';
import { selectExperiences } from '../src/select/select-experiences.js';
import { daysAgo, idsOf, NOW_MS, sampleExperience } from './select-sample.js';

import type { Experience } from '../src/record/record.js';
import type { SelectionRequest } from '../src/select/request.js';

const top = { policy: 'top', slots: 2, nowMs: NOW_MS } as const;

function scored(id: string, gtScore: number, members: Partial<Experience> = {}): Experience {
  return sampleExperience({ id, reward: { gtScore, relativeRank: 0 }, ...members });
}

test('the highest scores are chosen, the newest first among equals, then in the given order', () => {
  const candidates = [
    scored('low', 0.5),
    scored('old', 1, { createdAt: daysAgo(3) }),
    scored('first', 1),
    scored('second', 1),
    scored('high', 2, { createdAt: daysAgo(90) }),
  ];
  const { chosen, explanations } = selectExperiences(candidates, { ...top, slots: 4 });
  expect(idsOf(chosen)).toEqual(['high', 'first', 'second', 'old']);
  expect(explanations.map(({ id, slot, reason }) => [id, slot, reason])).toEqual([
    ['high', 1, 'chosen'],
    ['first', 2, 'chosen'],
    ['second', 3, 'chosen'],
    ['old', 4, 'chosen'],
    ['low', null, 'outranked'],
  ]);
});

test('the least score is itself enough', () => {
  const candidates = [scored('enough', 0.5), scored('short', 0.4999)];
  const { chosen, explanations } = selectExperiences(candidates, { ...top, minReward: 0.5 });
  expect(idsOf(chosen)).toEqual(['enough']);
  expect(explanations[1]).toMatchObject({ id: 'short', chosen: false, reason: 'below-minimum' });
});

test('without slots nothing is chosen and everybody is explained', () => {
  for (const slots of [0, -3]) {
    const { chosen, explanations } = selectExperiences([scored('a', 1)], { ...top, slots });
    expect(chosen).toEqual([]);
    expect(explanations).toMatchObject([{ id: 'a', chosen: false, reason: 'outranked' }]);
  }
});

test('endless slots take all, and no candidates make an empty selection', () => {
  const all = selectExperiences([scored('a', 1), scored('b', 2)], { ...top, slots: Infinity });
  expect(idsOf(all.chosen)).toEqual(['b', 'a']);
  expect(selectExperiences([], top)).toMatchObject({
    chosen: [],
    explanations: [],
    cost: { tokens: 0, bytes: 0 },
  });
});

test('a budget passes over what does not fit, and counts every byte of the lines', () => {
  const candidates = [
    scored('a', 3, { summary32: 'ä'.repeat(20) }),
    scored('b', 2, { summary32: 'long '.repeat(60).trim() }),
    scored('c', 1, { summary32: 'short' }),
  ];
  const lines = [
    `[exp a | epoch n/a | reward 3.00] ${'ä'.repeat(20)}\n`,
    '[exp c | epoch n/a | reward 1.00] short\n',
  ];
  const bytes = Buffer.byteLength(lines.join(''));
  const tokens = lines.reduce((sum, line) => sum + Math.ceil(line.length / 4), 0);
  const fitting = { ...top, slots: 3, budget: { maxBytes: bytes, maxTokens: tokens } };
  const selection = selectExperiences(candidates, fitting);
  expect(idsOf(selection.chosen)).toEqual(['a', 'c']);
  expect(selection.cost).toEqual({ tokens, bytes });
  expect(selection.explanations.at(-1)).toMatchObject({ id: 'b', reason: 'over-budget' });

  for (const budget of [{ maxBytes: bytes - 1 }, { maxTokens: tokens - 1 }]) {
    expect(idsOf(selectExperiences(candidates, { ...fitting, budget }).chosen)).toEqual(['a']);
  }
});

test('a request that makes no sense is refused with the name of what is wrong', () => {
  const wrong: [string, Partial<Record<keyof SelectionRequest, unknown>>][] = [
    ['policy', { policy: 'best' }],
    ['slots', { slots: 1.5 }],
    ['slots', { slots: Number.NaN }],
    ['nowMs', { nowMs: Number.NaN }],
    ['minReward', { minReward: Infinity }],
    ['lambda', { lambda: 1.1 }],
    ['halfLifeDays', { halfLifeDays: 0 }],
    ['decayFloor', { decayFloor: -0.1 }],
    ['nearDuplicate', { nearDuplicate: Number.NaN }],
    ['weights.gtScore', { weights: { gtScore: Number.NaN } }],
    ['antiDominance.strength', { antiDominance: { strength: Infinity } }],
    ['budget.maxBytes', { budget: { maxBytes: -1 } }],
    ['budget.maxTokens', { budget: { maxTokens: Number.NaN } }],
  ];
  for (const [name, members] of wrong) {
    const request = { ...top, ...members } as SelectionRequest;
    const attempt = (): unknown => selectExperiences([], request);
    expect(attempt, name).toThrow(ExperienceError);
    expect(attempt, name).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(attempt, name).toThrow(`: ${name} is `);
  }
});
