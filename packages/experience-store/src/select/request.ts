import { ExperienceError } from '../errors.js';
import { DEFAULT_DECAY_FLOOR, DEFAULT_HALF_LIFE_DAYS } from './decay.js';

import type { Reward } from '../record/record.js';
import type { SelectionBudget } from './budget.js';

/**
 * - `top`: by score alone.
 * - `competitive`: by score, less a penalty for each earlier pick of the same source.
 * - `diverse`: by score, usefulness and age, less what is similar to an earlier pick.
 */
export type SelectionPolicyName = 'top' | 'competitive' | 'diverse';

export interface ScoreWeights {
  /** @default 1 */
  readonly gtScore?: number | undefined;
  /** @default 1 */
  readonly relativeRank?: number | undefined;
}

export interface AntiDominance {
  /** @default true */
  readonly enabled?: boolean | undefined;
  /** Taken off the score for each earlier pick of the same source. @default 0.5 */
  readonly strength?: number | undefined;
}

export interface SelectionRequest {
  readonly policy: SelectionPolicyName;
  /** How many at most: a safe integer or `Infinity`; none when it is not above 0. */
  readonly slots: number;
  /** The time that ages are counted to, in milliseconds since 1970. */
  readonly nowMs: number;
  /**
   * The least score, itself included. With `competitive` it is compared with what the penalty leaves,
   * too, and counts as 0 when negative. @default none; 0.1 with `competitive`
   */
  readonly minReward?: number | undefined;
  /** @default no limit */
  readonly budget?: SelectionBudget | undefined;
  /** For `competitive`; negative ones count as 0. */
  readonly weights?: ScoreWeights | undefined;
  /** For `competitive`. */
  readonly antiDominance?: AntiDominance | undefined;
  /** For `diverse`: 1 looks at relevance alone, 0 at dissimilarity alone. @default 0.7 */
  readonly lambda?: number | undefined;
  /** For `diverse`: days after which half is left. @default 30 */
  readonly halfLifeDays?: number | undefined;
  /** For `diverse`: what age leaves at least, 0 to 1. @default 0.25 */
  readonly decayFloor?: number | undefined;
  /** For `diverse`: one this similar to a chosen one is not chosen, 0 to 1. @default 0.85 */
  readonly nearDuplicate?: number | undefined;
}

export interface TopPolicy {
  readonly policy: 'top';
  readonly minReward: number | null;
}

export interface CompetitivePolicy {
  readonly policy: 'competitive';
  readonly minReward: number;
  readonly weights: Reward;
  readonly antiDominance: { readonly enabled: boolean; readonly strength: number };
}

export interface DiversePolicy {
  readonly policy: 'diverse';
  readonly minReward: number | null;
  readonly lambda: number;
  readonly halfLifeDays: number;
  readonly decayFloor: number;
  readonly nearDuplicate: number;
}

/** What a selection went by, defaults filled in. */
export type SelectionPolicy = TopPolicy | CompetitivePolicy | DiversePolicy;

const DEFAULT_MIN_COMPETITIVE_REWARD = 0.1;
const DEFAULT_DOMINANCE_STRENGTH = 0.5;
const DEFAULT_LAMBDA = 0.7;
const DEFAULT_NEAR_DUPLICATE = 0.85;

/**
 * The policy that a request asks for.
 *
 * @throws ExperienceError `INVALID_OPTION` naming the first member that is out of its range.
 */
export function policyOf(request: SelectionRequest): SelectionPolicy {
  checkRequest(request);
  switch (request.policy) {
    case 'top':
      return { policy: 'top', minReward: request.minReward ?? null };
    case 'competitive':
      return competitivePolicy(request);
    case 'diverse':
      return {
        policy: 'diverse',
        minReward: request.minReward ?? null,
        lambda: request.lambda ?? DEFAULT_LAMBDA,
        halfLifeDays: request.halfLifeDays ?? DEFAULT_HALF_LIFE_DAYS,
        decayFloor: request.decayFloor ?? DEFAULT_DECAY_FLOOR,
        nearDuplicate: request.nearDuplicate ?? DEFAULT_NEAR_DUPLICATE,
      };
    default:
      throw invalid('policy', request.policy, 'top, competitive or diverse');
  }
}

function competitivePolicy(request: SelectionRequest): CompetitivePolicy {
  const { minReward = DEFAULT_MIN_COMPETITIVE_REWARD, weights, antiDominance } = request;
  return {
    policy: 'competitive',
    minReward: Math.max(0, minReward),
    weights: {
      gtScore: Math.max(0, weights?.gtScore ?? 1),
      relativeRank: Math.max(0, weights?.relativeRank ?? 1),
    },
    antiDominance: {
      enabled: antiDominance?.enabled ?? true,
      strength: Math.max(0, antiDominance?.strength ?? DEFAULT_DOMINANCE_STRENGTH),
    },
  };
}

function checkRequest(request: SelectionRequest): void {
  const { slots, halfLifeDays, budget } = request;
  if (!Number.isSafeInteger(slots) && slots !== Infinity) {
    throw invalid('slots', slots, 'a safe integer or Infinity');
  }
  checkFinite('nowMs', request.nowMs);
  checkFinite('minReward', request.minReward);
  checkFinite('weights.gtScore', request.weights?.gtScore);
  checkFinite('weights.relativeRank', request.weights?.relativeRank);
  checkFinite('antiDominance.strength', request.antiDominance?.strength);
  checkShare('lambda', request.lambda);
  checkShare('decayFloor', request.decayFloor);
  checkShare('nearDuplicate', request.nearDuplicate);
  if (halfLifeDays !== undefined && !(halfLifeDays > 0)) {
    throw invalid('halfLifeDays', halfLifeDays, 'a number above 0');
  }
  checkLimit('budget.maxTokens', budget?.maxTokens);
  checkLimit('budget.maxBytes', budget?.maxBytes);
}

function checkFinite(name: string, value: number | undefined): void {
  if (value !== undefined && !Number.isFinite(value)) throw invalid(name, value, 'a finite number');
}

function checkShare(name: string, value: number | undefined): void {
  if (value !== undefined && !(value >= 0 && value <= 1)) throw invalid(name, value, 'from 0 to 1');
}

function checkLimit(name: string, value: number | undefined): void {
  if (value !== undefined && !(value >= 0)) throw invalid(name, value, 'a number not below 0');
}

function invalid(name: string, value: unknown, expected: string): ExperienceError {
  const message = `Cannot select experiences: ${name} is ${String(value)}, it has to be ${expected}`;
  return new ExperienceError('INVALID_OPTION', message);
}
