import type { Candidate } from '../validator/validator.js';

/** Stable, to branch on. */
export type SettingsProblemCode =
  | 'GOAL_MISSING'
  | 'GOAL_TOO_LONG'
  | 'INVALID_CHOICE'
  | 'INVALID_NUMBER'
  | 'INVALID_BOOLEAN'
  | 'INVALID_TEXT'
  | 'INVALID_LIST'
  | 'INVALID_VALIDATOR'
  | 'INVALID_PATTERN'
  | 'UNBOUNDED_LOOP'
  | 'VALIDATOR_MISSING'
  | 'VALIDATOR_AMBIGUOUS'
  | 'NO_AGENT'
  | 'AGENT_NOT_FOUND'
  | 'AGENT_COMMAND_MISSING'
  | 'AGENT_CONFLICT';

/** Why a loop cannot begin. */
export interface SettingsProblem {
  /** The loop ends with it before its first turn. */
  readonly status: 'invalid_config' | 'no_validator';
  readonly code: SettingsProblemCode;
  /** The flag, the variable or the member of the configuration that is wrong. */
  readonly name: string;
  /** One sentence without a full stop that says what was expected of it and what was found. */
  readonly message: string;
  /** What to do about it; null where the message says it all. */
  readonly hint: string | null;
  /** The validators to choose from, where there is more than one. */
  readonly candidates?: readonly Candidate[];
}

/** A problem that ends the loop with `invalid_config`. */
export function invalidConfig(
  code: SettingsProblemCode,
  name: string,
  message: string,
  hint: string | null = null,
): SettingsProblem {
  return { status: 'invalid_config', code, name, message, hint };
}

/** "Expected NAME to be EXPECTED, got VALUE", with the value cut to what fits in a line. */
export function expectation(name: string, expected: string, value: unknown): string {
  return `Expected ${name} to be ${expected}, got ${describeValue(value)}`;
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const shown = JSON.stringify(value);
  return shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
}
