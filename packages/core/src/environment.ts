import { CoreError } from './errors.js';

/** Environment variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface IntegerRange {
  /** @default the smallest safe integer */
  readonly min?: number;
  /** @default the largest safe integer */
  readonly max?: number;
}

/** The variable's text as it is; unset, empty and blank give the default. */
export function readString<Default extends string | undefined>(
  env: Environment,
  name: string,
  defaultValue: Default,
): string | Default {
  const text = env[name];
  return text === undefined || text.trim() === '' ? defaultValue : text;
}

/**
 * `1`, `true`, `yes`, `on` and `0`, `false`, `no`, `off` in any case, with blanks around them; unset,
 * empty and blank give the default.
 * @throws `CoreError` `INVALID_ENVIRONMENT` on any other word: a typo must not mean "no".
 */
export function readBoolean<Default extends boolean | undefined>(
  env: Environment,
  name: string,
  defaultValue: Default,
): boolean | Default {
  const text = readString(env, name, undefined);
  if (text === undefined) return defaultValue;
  const value = parseBoolean(text);
  if (value === undefined) throw invalid(name, text, 'one of 1, true, yes, on, 0, false, no, off');
  return value;
}

/**
 * For variables whose words are not ours to choose, such as `CI`: on when it is set to anything but a
 * word for no.
 */
export function readForeignBoolean(env: Environment, name: string): boolean {
  const text = readString(env, name, undefined);
  return text !== undefined && (parseBoolean(text) ?? true);
}

/** For variables that count by being there, such as `NO_COLOR`: on when set to any non-empty text. */
export function readPresence(env: Environment, name: string): boolean {
  return (env[name] ?? '') !== '';
}

/**
 * A whole decimal number, all of the text: `12abc`, `1e3` and `1.5` are errors.
 * @throws `CoreError` `INVALID_ENVIRONMENT`, also for numbers out of the range.
 */
export function readInteger<Default extends number | undefined>(
  env: Environment,
  name: string,
  defaultValue: Default,
  range: IntegerRange = {},
): number | Default {
  const text = readString(env, name, undefined);
  if (text === undefined) return defaultValue;
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = range;
  const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw invalid(name, text, `a whole number${describeRange(range)}`);
}

/**
 * A decimal number, all of the text: `0.1`, `-1`, `.5`; `1e3`, `0x10` and `1,5` are errors.
 * @throws `CoreError` `INVALID_ENVIRONMENT`
 */
export function readNumber<Default extends number | undefined>(
  env: Environment,
  name: string,
  defaultValue: Default,
): number | Default {
  const text = readString(env, name, undefined);
  if (text === undefined) return defaultValue;
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw invalid(name, text, 'a decimal number');
}

/**
 * Whether someone asked not to be asked: `CODEX_NON_INTERACTIVE`, then its aliases, then
 * `CODEX_INTERACTIVE=0`, then `CI`. The first that is set decides.
 * @throws `CoreError` `INVALID_ENVIRONMENT` on a word that is neither yes nor no (not for `CI`).
 */
export function readNonInteractive(env: Environment): boolean {
  for (const name of ['CODEX_NON_INTERACTIVE', 'CODEX_NONINTERACTIVE', 'CODEX_NO_INTERACTIVE']) {
    const value = readBoolean(env, name, undefined);
    if (value !== undefined) return value;
  }
  const interactive = readBoolean(env, 'CODEX_INTERACTIVE', undefined);
  return interactive === undefined ? readForeignBoolean(env, 'CI') : !interactive;
}

function parseBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(word)) return true;
  return ['0', 'false', 'no', 'off'].includes(word) ? false : undefined;
}

function describeRange({ min, max }: IntegerRange): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}

function invalid(name: string, text: string, expected: string): CoreError {
  const got = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  return new CoreError(
    'INVALID_ENVIRONMENT',
    `Expected the environment variable ${name} to be ${expected}, got ${got}`,
  );
}
