import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { describePolicy, describeSelection } from '../src/select/describe.js';
import { explainSelection } from '../src/select/explain.js';
import { selectExperiences } from '../src/select/select-experiences.js';
import { daysAgo, idsOf, NOW_MS, sampleExperience, shuffled } from './select-sample.js';

import type { Experience } from '../src/record/record.js';

const diverse = { policy: 'diverse', slots: 2, nowMs: NOW_MS } as const;

const LOCK = 'Remove a stale lock only after its owner is known to be dead, never by its age alone';
const LOCK_AGAIN = 'Remove a stale lock only after its owner is known to be dead, never by its age';
const LOCK_LONGER =
  'Remove a stale lock only after its owner is known to be dead, never by a guess of the next writer';
const PARSER = 'The parser of tables takes quoted commas as separators unless strict mode is on';

test('a text like a chosen one gives way to another one that is worth less', () => {
  const candidates = [
    sampleExperience({ id: 'lock', summary32: LOCK, reward: { gtScore: 1, relativeRank: 0.5 } }),
    sampleExperience({
      id: 'longer',
      summary32: LOCK_LONGER,
      reward: { gtScore: 1, relativeRank: 0.4 },
    }),
    sampleExperience({ id: 'parser', summary32: PARSER, reward: { gtScore: 1, relativeRank: 0 } }),
  ];
  const selection = selectExperiences(candidates, diverse);
  expect(idsOf(selection.chosen)).toEqual(['lock', 'parser']);
  expect(selection.explanations[2]).toMatchObject({
    id: 'longer',
    reason: 'outranked',
    similarTo: 'lock',
  });
  const relevant = selectExperiences(candidates, { ...diverse, lambda: 1 });
  expect(idsOf(relevant.chosen)).toEqual(['lock', 'longer']);
});

test('what a chosen one says nearly word for word is left out even when slots are free', () => {
  const candidates = [
    sampleExperience({ id: 'b', summary32: LOCK.toUpperCase() }),
    sampleExperience({ id: 'a', summary32: LOCK }),
    sampleExperience({ id: 'c', summary32: LOCK_AGAIN }),
  ];
  const selection = selectExperiences(candidates, { ...diverse, slots: 9, nearDuplicate: 0.7 });
  expect(idsOf(selection.chosen)).toEqual(['a']);
  expect(selection.explanations).toMatchObject([
    { id: 'a', reason: 'chosen', similarity: null },
    { id: 'c', reason: 'near-duplicate', similarTo: 'a', sentence: 'It says what a says.' },
    { id: 'b', reason: 'near-duplicate', similarity: 1 },
  ]);
  expect(describeSelection(selection).candidates[1]).toMatchObject({
    exclusion_reason: 'near_duplicate',
  });
});

test('of equal scores the one that helped goes before the unused one, and that before the harmful one', () => {
  const candidates = [
    sampleExperience({ id: 'harmed', runId: '1', summary32: 'alpha one', harmed: 6 }),
    sampleExperience({ id: 'unused', runId: '2', summary32: 'beta two' }),
    sampleExperience({ id: 'helped', runId: '3', summary32: 'gamma three', helped: 6 }),
  ];
  const { chosen } = selectExperiences(candidates, { ...diverse, slots: 3 });
  expect(idsOf(chosen)).toEqual(['helped', 'unused', 'harmed']);
});

test('age counts against a record, unless it is pinned', () => {
  const candidates = [
    sampleExperience({ id: 'old', summary32: 'alpha one', createdAt: daysAgo(60) }),
    sampleExperience({ id: 'new', summary32: 'beta two', createdAt: daysAgo(1) }),
    sampleExperience({
      id: 'pin',
      summary32: 'gamma three',
      createdAt: daysAgo(600),
      pinned: true,
    }),
  ];
  const { chosen, policy } = selectExperiences(candidates, { ...diverse, slots: 3 });
  expect(idsOf(chosen)).toEqual(['pin', 'new', 'old']);
  expect(describePolicy(policy)).toEqual({
    kind: 'diverse_mmr_v1',
    min_score: null,
    lambda: 0.7,
    half_life_days: 30,
    decay_floor: 0.25,
    near_duplicate: 0.85,
  });
});

test('the budget holds for any candidates, and the answer is the same in any given order', () => {
  const words = ['lock', 'parser', 'retry', 'socket', 'table', 'clock', 'merge', 'flaky'] as const;
  for (let seed = 1; seed <= 100; seed++) {
    const random = createSeededRandom(seed);
    const candidates = Array.from({ length: random.integer(1, 30) }, (_, index): Experience => {
      const text = Array.from({ length: random.integer(1, 12) }, () => random.pick(words));
      return sampleExperience({
        id: `exp-${index}`,
        summary32: text.join(' '),
        reward: { gtScore: random.integer(0, 1), relativeRank: random.integer(0, 4) / 4 },
        createdAt: daysAgo(random.integer(0, 90)),
        helped: random.integer(0, 5),
        harmed: random.integer(0, 5),
        pinned: random.next() < 0.1,
      });
    });
    const budget = { maxTokens: random.integer(0, 120), maxBytes: random.integer(0, 500) };
    const request = { ...diverse, slots: random.integer(1, 8), budget };
    const selection = selectExperiences(candidates, request);
    expect(selection.cost.tokens).toBeLessThanOrEqual(budget.maxTokens);
    expect(selection.cost.bytes).toBeLessThanOrEqual(budget.maxBytes);
    expect(selection.chosen.length).toBeLessThanOrEqual(request.slots);
    expect(selection.explanations).toHaveLength(candidates.length);
    const again = selectExperiences(shuffled(candidates, random), request);
    expect(again, `seed ${seed}`).toEqual(selection);
  }
});

test('each slot goes to the highest marginal relevance', () => {
  const random = createSeededRandom(7);
  const words = ['lock', 'parser', 'retry', 'socket', 'table', 'clock'] as const;
  const candidates = Array.from({ length: 40 }, (_, index) =>
    sampleExperience({
      id: `exp-${index}`,
      summary32: Array.from({ length: 5 }, () => random.pick(words)).join(' '),
      reward: { gtScore: random.next(), relativeRank: random.next() },
    }),
  );
  const { explanations } = selectExperiences(candidates, { ...diverse, slots: 10 });
  for (const { relevance, similarity, policyScore } of explanations.slice(0, 10)) {
    const marginal = 0.7 * (relevance ?? 0) - 0.3 * (similarity ?? 0);
    expect(policyScore).toBeCloseTo(marginal, 5);
  }
  // Scores only fall while slots are filled: what is chosen later cannot have had more before.
  const scores = explanations.slice(0, 10).map(({ policyScore }) => policyScore);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
});

test('a selection explains itself as a table', () => {
  const candidates = [
    sampleExperience({ id: 'exp-1', summary32: LOCK }),
    sampleExperience({ id: 'exp-2\u001b[2J', summary32: PARSER, createdAt: daysAgo(30) }),
    sampleExperience({ id: 'exp-3', summary32: LOCK, harmed: 1 }),
  ];
  expect(explainSelection(selectExperiences(candidates, diverse))).toMatchInlineSnapshot(`
    [
      "slot  experience  score  rank   factors                                       why",
      "1     exp-1       1.00   0.512  useful 0.50, age 1.00                         chosen: Chosen for slot 1.",
      "2     exp-2       1.00   0.256  useful 0.50, age 0.50, similar 0.00 to exp-1  chosen: Chosen for slot 2.",
      "-     exp-3       1.00   0.212  useful 0.50, age 1.00, similar 1.00 to exp-1  near-duplicate: It says what exp-1 says.",
      "2 of 3 chosen, about 61 tokens, 241 bytes",
    ]
  `);
});

test('factors that a policy does not know are left out of the table', () => {
  const request = { ...diverse, policy: 'top', slots: 1 } as const;
  expect(explainSelection(selectExperiences([sampleExperience()], request))).toMatchInlineSnapshot(`
    [
      "slot  experience           score  rank   factors  why",
      "1     exp-mwq2d766-43e895  1.00   1.000  -        chosen: Chosen for slot 1.",
      "1 of 1 chosen, about 28 tokens, 109 bytes",
    ]
  `);
});
