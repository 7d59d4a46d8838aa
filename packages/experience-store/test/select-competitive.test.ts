import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { describePolicy, describeSelection } from '../src/select/describe.js';
import { selectExperiences } from '../src/select/select-experiences.js';
import { sourceOf } from '../src/select/source.js';
import { daysAgo, idsOf, NOW_MS, sampleExperience, shuffled } from './select-sample.js';

import type { Experience } from '../src/record/record.js';

const competitive = { policy: 'competitive', slots: 2, nowMs: NOW_MS } as const;

function grouped(id: string, groupId: string, gtScore: number): Experience {
  return sampleExperience({ id, groupId, reward: { gtScore, relativeRank: 0.4 } });
}

test('a second pick of a source costs half a point, so another source takes the slot', () => {
  const candidates = [
    grouped('a1', 'a', 0.95),
    grouped('a2', 'a', 0.9),
    grouped('a3', 'a', 0.83),
    grouped('b1', 'b', 0.82),
  ];
  const selection = selectExperiences(candidates, competitive);
  expect(idsOf(selection.chosen)).toEqual(['a1', 'b1']);
  expect(describeSelection(selection)).toEqual({
    candidate_count: 4,
    selected_count: 2,
    selected_ids: ['a1', 'b1'],
    suppressed_source_keys: ['a'],
    selected: [
      {
        id: 'a1',
        source_key: 'a',
        source_kind: 'group_id',
        raw_score: 1.35,
        competitive_score: 1.35,
        dominance_penalty: 0,
      },
      {
        id: 'b1',
        source_key: 'b',
        source_kind: 'group_id',
        raw_score: 1.22,
        competitive_score: 1.22,
        dominance_penalty: 0,
      },
    ],
    candidates: [
      expect.objectContaining({ id: 'a1', selected: true, selected_slot: 1 }),
      expect.objectContaining({ id: 'b1', selected: true, selected_slot: 2 }),
      {
        id: 'a2',
        source_key: 'a',
        source_kind: 'group_id',
        raw_score: 1.3,
        competitive_score: 0.8,
        dominance_penalty: 0.5,
        selected: false,
        selected_slot: null,
        exclusion_reason: 'outcompeted',
      },
      expect.objectContaining({ id: 'a3', competitive_score: 0.73 }),
    ],
  });
});

test('the penalty grows with every pick, and below the least score slots stay empty', () => {
  const candidates = ['1', '2', '3', '4'].map((id) => grouped(id, 'same', 0.8));
  const selection = selectExperiences(candidates, { ...competitive, slots: 4 });
  expect(selection.explanations).toMatchObject([
    { id: '1', policyScore: 1.2, penalty: 0, reason: 'chosen' },
    { id: '2', policyScore: 0.7, penalty: 0.5, reason: 'chosen' },
    { id: '3', policyScore: 0.2, penalty: 1, reason: 'chosen' },
    { id: '4', policyScore: -0.3, penalty: 1.5, reason: 'penalised' },
  ]);
  expect(describeSelection(selection).candidates[3]).toMatchObject({
    exclusion_reason: 'competitive_score_below_min_score',
  });
});

test('scores below the least one do not compete: 0.1 unless it is given, 0 for a negative one', () => {
  const candidates = [
    sampleExperience({ id: 'zero', runId: 'r0', reward: { gtScore: 0, relativeRank: 0 } }),
    sampleExperience({ id: 'least', runId: 'r1', reward: { gtScore: 0, relativeRank: 0.1 } }),
    sampleExperience({ id: 'minus', runId: 'r2', reward: { gtScore: -1, relativeRank: 0 } }),
  ];
  const byDefault = selectExperiences(candidates, { ...competitive, slots: 9 });
  expect(idsOf(byDefault.chosen)).toEqual(['least']);
  expect(describeSelection(byDefault).candidates[1]).toMatchObject({
    id: 'zero',
    exclusion_reason: 'raw_score_below_min_score',
  });
  const negative = selectExperiences(candidates, { ...competitive, slots: 9, minReward: -5 });
  expect(idsOf(negative.chosen)).toEqual(['least', 'zero']);
});

test('the source is the group, else the run, the manifest, the stamp, the record itself', () => {
  const of = (members: Partial<Experience>): unknown => {
    const { kind, key } = sourceOf(sampleExperience(members));
    return [kind, key];
  };
  const stampSignature = 'a'.repeat(64);
  expect(of({ groupId: ' g ' })).toEqual(['group_id', 'g']);
  expect(of({ groupId: ' ', runId: 'r' })).toEqual(['run_id', 'r']);
  expect(of({ runId: '', manifestPath: 'm' })).toEqual(['manifest_path', 'm']);
  expect(of({ runId: '', stampSignature })).toEqual(['stamp_signature', stampSignature]);
  expect(of({ runId: '', id: 'i' })).toEqual(['record_id', 'i']);
});

test('weights change the scores, and the penalty can be turned off', () => {
  const candidates = [
    sampleExperience({ id: 'sure', reward: { gtScore: 1, relativeRank: 0 } }),
    sampleExperience({ id: 'surprise', reward: { gtScore: 0.5, relativeRank: 0.4 } }),
  ];
  const selection = selectExperiences(candidates, {
    ...competitive,
    weights: { gtScore: 0.5, relativeRank: 2 },
    antiDominance: { enabled: false },
  });
  expect(selection.explanations).toMatchObject([
    { id: 'surprise', policyScore: 1.05, penalty: 0 },
    { id: 'sure', policyScore: 0.5, penalty: 0 },
  ]);
  expect(describePolicy(selection.policy)).toEqual({
    kind: 'competitive_scoring_v1',
    min_score: 0.1,
    score_weights: { gt_score: 0.5, relative_rank: 2 },
    anti_dominance_normalization: {
      enabled: false,
      strength: 0.5,
      source_grouping: 'provenance_fallback_v1',
    },
  });
});

test('what a manifest lists is bounded, however many candidates there were', () => {
  const candidates = Array.from({ length: 400 }, (_, index) =>
    grouped(`exp-${index}`, `group-${index}`, 1 + index / 1000),
  );
  const description = describeSelection(selectExperiences(candidates, competitive));
  expect(description.candidate_count).toBe(400);
  expect(description.candidates).toHaveLength(2 + 32);
  expect(description.candidates[2]).toMatchObject({ id: 'exp-397' });
  expect(description.suppressed_source_keys).toHaveLength(32);
});

test('it chooses what sorting everything anew for each slot would, in any given order', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = createSeededRandom(seed);
    const candidates = Array.from({ length: random.integer(0, 25) }, (_, index) =>
      sampleExperience({
        id: `exp-${index}`,
        groupId: random.pick(['a', 'b', 'c', 'd']),
        reward: { gtScore: random.integer(0, 4) / 4, relativeRank: random.integer(0, 3) / 10 },
        createdAt: daysAgo(random.integer(0, 2)),
      }),
    );
    const slots = random.integer(0, 8);
    const expected = chooseBySorting(candidates, slots);
    const { chosen } = selectExperiences(shuffled(candidates, random), {
      ...competitive,
      slots,
    });
    expect(idsOf(chosen), `seed ${seed}`).toEqual(expected);
  }
});

/** The definition, as plainly as it can be written. */
function chooseBySorting(candidates: readonly Experience[], slots: number): string[] {
  const round = (value: number): number => Math.round(value * 1e6) / 1e6;
  const raw = ({ reward }: Experience): number => round(reward.gtScore + reward.relativeRank);
  let left = candidates.filter((candidate) => raw(candidate) >= 0.1);
  const chosen: Experience[] = [];
  while (chosen.length < slots && left.length > 0) {
    const score = (candidate: Experience): number => {
      const same = chosen.filter(({ groupId }) => groupId === candidate.groupId).length;
      return round(raw(candidate) - round(0.5 * same));
    };
    const [best, ...rest] = [...left].sort(
      (a, b) =>
        score(b) - score(a) ||
        raw(b) - raw(a) ||
        Date.parse(b.createdAt) - Date.parse(a.createdAt) ||
        (a.id < b.id ? -1 : 1),
    );
    if (best === undefined || score(best) < 0.1) break;
    chosen.push(best);
    left = rest;
  }
  return idsOf(chosen);
}
