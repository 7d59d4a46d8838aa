import { ok } from '@codex-orchestrator/core';

import { findGiven, findInCall } from './given-setting.js';
import type { Given, SettingName, SettingSources } from './given-setting.js';
import type { LoopLimits, LoopSettings } from './loop-settings.js';
import { readNumberSetting } from './read-value.js';
import type { NumberRule, Reading } from './read-value.js';

/** The longest that a timer of Node can wait. */
const maxTimerMs = 2_147_483_647;
const maxCount = 1_000_000_000;
/** About ten years. */
const maxMinutes = 5_256_000;

const wholeFromOne: NumberRule = {
  whole: true,
  min: 1,
  max: maxCount,
  unlimited: false,
  zeroIsUnlimited: false,
};
const optionalTime: NumberRule = {
  whole: true,
  min: 1,
  max: maxTimerMs,
  unlimited: true,
  zeroIsUnlimited: true,
};

interface NumberSetting {
  readonly rule: NumberRule;
  readonly default: number | null;
}

/**
 * A cost or a number of tokens of 0 is refused and not taken for "no limit": whoever writes it may well
 * mean that nothing may be spent.
 */
const numbers = {
  maxIterations: {
    rule: { ...wholeFromOne, unlimited: true, zeroIsUnlimited: true },
    default: 88,
  },
  maxMinutes: {
    rule: { ...optionalTime, whole: false, min: Number.MIN_VALUE, max: maxMinutes },
    default: 2880,
  },
  turnTimeoutMs: { rule: optionalTime, default: 3_600_000 },
  silenceTimeoutMs: { rule: optionalTime, default: 600_000 },
  maxCostUsd: {
    rule: { ...wholeFromOne, whole: false, min: Number.MIN_VALUE, unlimited: true },
    default: null,
  },
  maxTokens: {
    rule: { ...wholeFromOne, max: Number.MAX_SAFE_INTEGER, unlimited: true },
    default: null,
  },
  maxConsecutiveErrors: { rule: wholeFromOne, default: 3 },
  maxOutputBytes: {
    rule: { ...wholeFromOne, max: Number.MAX_SAFE_INTEGER },
    default: 1024 ** 3,
  },
  stallAfter: { rule: wholeFromOne, default: 3 },
  validatorTimeoutMs: { rule: { ...wholeFromOne, max: maxTimerMs }, default: 1_800_000 },
} satisfies Partial<Record<SettingName, NumberSetting>>;

type NumberName = keyof typeof numbers;

/** Where numbers come from: of a loop that is resumed, what is not given anew stays as it was. */
export interface NumberSources extends SettingSources {
  readonly earlier?: LoopSettings | undefined;
}

/** A limit that may be absent: null means none. */
export function readLimit(sources: NumberSources, name: NumberName): Reading<number | null> {
  const setting: NumberSetting = numbers[name];
  const given = findNumber(sources, name);
  if (given) return readNumberSetting(given, setting.rule);
  return ok(sources.earlier ? earlierValue(sources.earlier, name) : setting.default);
}

/** A number that is always there. */
export function readAmount(
  sources: NumberSources,
  name: 'maxConsecutiveErrors' | 'maxOutputBytes' | 'stallAfter' | 'validatorTimeoutMs',
): Reading<number> {
  const reading = readLimit(sources, name);
  return reading.ok ? ok(reading.value ?? numbers[name].default) : reading;
}

/** The limits that are looked at last. */
export function readOtherLimits(
  sources: NumberSources,
): Reading<Omit<LoopLimits, 'maxIterations' | 'maxMinutes'>> {
  const turnTimeoutMs = readLimit(sources, 'turnTimeoutMs');
  if (!turnTimeoutMs.ok) return turnTimeoutMs;
  const silenceTimeoutMs = readLimit(sources, 'silenceTimeoutMs');
  if (!silenceTimeoutMs.ok) return silenceTimeoutMs;
  const maxCostUsd = readLimit(sources, 'maxCostUsd');
  if (!maxCostUsd.ok) return maxCostUsd;
  const maxTokens = readLimit(sources, 'maxTokens');
  if (!maxTokens.ok) return maxTokens;
  const maxConsecutiveErrors = readAmount(sources, 'maxConsecutiveErrors');
  if (!maxConsecutiveErrors.ok) return maxConsecutiveErrors;
  const maxOutputBytes = readAmount(sources, 'maxOutputBytes');
  if (!maxOutputBytes.ok) return maxOutputBytes;
  return ok({
    turnTimeoutMs: turnTimeoutMs.value,
    silenceTimeoutMs: silenceTimeoutMs.value,
    maxCostUsd: maxCostUsd.value,
    maxTokens: maxTokens.value,
    maxConsecutiveErrors: maxConsecutiveErrors.value,
    maxOutputBytes: maxOutputBytes.value,
  });
}

function findNumber(sources: NumberSources, name: NumberName): Given | undefined {
  return sources.earlier ? findInCall(sources, name) : findGiven(sources, name);
}

function earlierValue(earlier: LoopSettings, name: NumberName): number | null {
  if (name === 'stallAfter') return earlier.stallAfter;
  // Each validator has its own, which stays with it.
  return name === 'validatorTimeoutMs' ? null : earlier.limits[name];
}
