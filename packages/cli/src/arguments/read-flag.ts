import { closestName } from '@codex-orchestrator/core';

import { usageError } from '../errors.js';
import { flagSyntax } from './flags.js';
import type { ChoiceFlag, Flag, IntegerFlag, NumberFlag } from './flags.js';

/**
 * The typed value of a flag's text.
 *
 * @throws CliError `USAGE` that says what was expected and what was given
 */
export function readFlag(name: string, flag: Flag, text: string): unknown {
  switch (flag.kind) {
    case 'boolean':
      return text === 'true';
    case 'text':
      return text;
    case 'integer':
      return readInteger(name, flag, text);
    case 'number':
      return readNumber(name, flag, text);
    case 'choice':
      return readChoice(name, flag, text);
  }
}

function readInteger(name: string, flag: IntegerFlag, text: string): number {
  const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : NaN;
  if (value >= flag.minimum && value <= flag.maximum) return value;
  const range = `${String(flag.minimum)} to ${String(flag.maximum)}`;
  throw usageError(
    `Expected \`${flagSyntax(name, flag)}\` to be a whole number from ${range}, got \`${text}\``,
  );
}

function readNumber(name: string, flag: NumberFlag, text: string): number {
  const value = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(text) ? Number(text) : NaN;
  if (Number.isFinite(value)) return value;
  throw usageError(
    `Expected \`${flagSyntax(name, flag)}\` to be a number such as 0.5, got \`${text}\``,
  );
}

function readChoice(name: string, flag: ChoiceFlag, text: string): string {
  if (flag.choices.includes(text)) return text;
  const meant = closestName(text, flag.choices);
  throw usageError(
    `Expected \`${flagSyntax(name, flag)}\`, got \`${text}\``,
    meant === undefined ? undefined : `Did you mean \`${meant}\`?`,
  );
}
