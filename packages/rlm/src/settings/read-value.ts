import { err, ok } from '@codex-orchestrator/core';
import type { Result } from '@codex-orchestrator/core';

import type { Given } from './given-setting.js';
import { expectation, invalidConfig } from './settings-problem.js';
import type { SettingsProblem } from './settings-problem.js';

export type Reading<Value> = Result<Value, SettingsProblem>;

export interface NumberRule {
  readonly whole: boolean;
  readonly min: number;
  readonly max: number;
  /** Whether words such as `unlimited` are taken. */
  readonly unlimited: boolean;
  /** Whether 0 is one of them. */
  readonly zeroIsUnlimited: boolean;
}

const unlimitedWords = ['unlimited', 'unbounded', 'infinite', 'infinity'];

/**
 * All of a text has to be a number without an exponent: `2x`, `1e3` and `0x10` are refused. Null means
 * no limit.
 */
export function readNumberSetting(given: Given, rule: NumberRule): Reading<number | null> {
  const { name, value } = given;
  if (rule.unlimited && typeof value === 'string') {
    if (unlimitedWords.includes(value.trim().toLowerCase())) return ok(null);
  }
  const number = toNumber(value, rule.whole);
  if (number === 0 && rule.zeroIsUnlimited) return ok(null);
  if (number >= rule.min && number <= rule.max) return ok(number);
  const message = expectation(name, describeRule(rule), value);
  return err(invalidConfig('INVALID_NUMBER', name, message));
}

/** One of a few words, in any case and with blanks around it. */
export function readChoice<Choice extends string>(
  { name, value }: Given,
  choices: readonly Choice[],
): Reading<Choice> {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
  const choice = choices.find((known) => known === word);
  if (choice !== undefined) return ok(choice);
  const message = expectation(name, choices.join(' or '), value);
  return err(invalidConfig('INVALID_CHOICE', name, message));
}

/** The words for yes and no of all variables of this product. */
export function readBooleanSetting({ name, value }: Given): Reading<boolean> {
  if (typeof value === 'boolean') return ok(value);
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (['1', 'true', 'yes', 'on'].includes(word)) return ok(true);
  if (['0', 'false', 'no', 'off'].includes(word)) return ok(false);
  const expected = 'one of 1, true, yes, on, 0, false, no, off';
  return err(invalidConfig('INVALID_BOOLEAN', name, expectation(name, expected, value)));
}

/** A text with at least one character that is not white space, without what no command line can have. */
export function readText({ name, value }: Given, expected: string): Reading<string> {
  if (typeof value === 'string' && value.trim() !== '' && !value.includes('\0')) {
    return ok(value.trim());
  }
  return err(invalidConfig('INVALID_TEXT', name, expectation(name, expected, value)));
}

function toNumber(value: unknown, whole: boolean): number {
  if (typeof value === 'number') {
    return whole && !Number.isSafeInteger(value) ? Number.NaN : value;
  }
  if (typeof value !== 'string') return Number.NaN;
  const shape = whole ? /^\+?\d+$/ : /^\+?(?:\d+\.?\d*|\.\d+)$/;
  return shape.test(value.trim()) ? Number(value) : Number.NaN;
}

function describeRule({ whole, min, max, unlimited, zeroIsUnlimited }: NumberRule): string {
  const kind = whole ? 'a whole number' : 'a decimal number';
  const range = min === Number.MIN_VALUE ? `above 0 and up to ${max}` : `from ${min} to ${max}`;
  if (!unlimited) return `${kind} ${range}`;
  return `${kind} ${range}, or ${zeroIsUnlimited ? '0 or ' : ''}unlimited for no limit`;
}
