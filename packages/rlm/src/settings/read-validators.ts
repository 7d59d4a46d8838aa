import { checkIdentifier, err, ok } from '@codex-orchestrator/core';
import type { CommandLine } from '@codex-orchestrator/exec';

import { nameValidators } from '../validator/name-validators.js';
import type { Candidate, Detection, Validator } from '../validator/validator.js';
import { flagOf, nameOf } from './given-setting.js';
import type { Given } from './given-setting.js';
import type { Reading } from './read-value.js';
import { expectation, invalidConfig } from './settings-problem.js';
import type { SettingsProblem } from './settings-problem.js';

/** So many judge a loop at most. */
const maxValidators = 32;
const maxTimeoutMs = 2_147_483_647;

/** Takes secrets out of a text. */
type Redact = (text: string) => string;

/**
 * Those that judge: what was given, else what was detected. `none` means nobody. Names that are made of
 * commands are redacted, as they become names of files.
 */
export function readValidators(
  given: Given | undefined,
  detection: Detection,
  timeoutMs: number,
  redact: Redact = (text) => text,
): Reading<readonly Validator[]> {
  const name = given?.name ?? nameOf('validator');
  const value = given?.value ?? 'auto';
  if (Array.isArray(value)) return readList(value, name, timeoutMs, redact);
  if (typeof value !== 'string' || value.trim() === '' || value.includes('\0')) {
    const expected = 'auto, none, or the command that judges the work';
    return err(invalidConfig('INVALID_VALIDATOR', name, expectation(name, expected, value)));
  }
  const command = value.trim();
  if (command.toLowerCase() === 'none') return ok([]);
  if (command.toLowerCase() !== 'auto') return ok([toValidator(command, timeoutMs, redact)]);
  if (detection.kind === 'found') return ok([toValidator(detection.command, timeoutMs, redact)]);
  return err(noValidator(name, detection.kind === 'ambiguous' ? detection.candidates : []));
}

function toValidator(command: string, timeoutMs: number, redact: Redact): Validator {
  return { name: nameFor(command, redact), command, timeoutMs };
}

function nameFor(command: CommandLine, redact: Redact): string {
  return nameValidators([command], redact)[0] ?? 'validator';
}

function noValidator(name: string, candidates: readonly Candidate[]): SettingsProblem {
  const [first] = candidates;
  const example = first?.command ?? 'npm test';
  const variable = `${nameOf('validator')}=${JSON.stringify(example)}`;
  const hint = `Choose with ${variable} or ${flagOf('validator')} ${JSON.stringify(example)}; ${flagOf('validator')} none runs the loop with nobody to judge it`;
  if (first === undefined) {
    const message = 'Nobody named a validator, and nothing in the root of the repository names one';
    return { status: 'no_validator', code: 'VALIDATOR_MISSING', name, message, hint };
  }
  const found = candidates.map(({ command, reason }) => `${command} (${reason})`).join(', ');
  return {
    status: 'no_validator',
    code: 'VALIDATOR_AMBIGUOUS',
    name,
    message: `Nobody named a validator, and more than one could be meant: ${found}`,
    hint,
    candidates,
  };
}

function readList(
  items: readonly unknown[],
  name: string,
  timeoutMs: number,
  redact: Redact,
): Reading<readonly Validator[]> {
  if (items.length === 0 || items.length > maxValidators) {
    const expected = `auto, none, or a list of 1 to ${maxValidators} commands`;
    return err(invalidConfig('INVALID_VALIDATOR', name, expectation(name, expected, items)));
  }
  const validators: Validator[] = [];
  for (const [index, item] of items.entries()) {
    const reading = readItem(item, `${name}[${index}]`, timeoutMs, redact);
    if (!reading.ok) return reading;
    const taken = new Set(validators.map((validator) => validator.name.toLowerCase()));
    const given = isRecord(item) && item['name'] !== undefined;
    if (given && taken.has(reading.value.name.toLowerCase())) {
      const message = `Two validators are called ${JSON.stringify(reading.value.name)}`;
      return err(invalidConfig('INVALID_VALIDATOR', `${name}[${index}].name`, message));
    }
    validators.push({ ...reading.value, name: uniqueName(reading.value.name, taken) });
  }
  return ok(validators);
}

function uniqueName(name: string, taken: ReadonlySet<string>): string {
  let unique = name;
  for (let count = 2; taken.has(unique.toLowerCase()); count++) unique = `${name}-${count}`;
  return unique;
}

function readItem(
  item: unknown,
  at: string,
  defaultTimeoutMs: number,
  redact: Redact,
): Reading<Validator> {
  const members = isRecord(item) ? item : { command: item };
  const command = toCommandLine(members['command']);
  if (command === undefined) {
    const where = isRecord(item) ? `${at}.command` : at;
    const expected = 'a command line, or a list of a program and its arguments';
    const message = expectation(where, expected, members['command']);
    return err(invalidConfig('INVALID_VALIDATOR', where, message));
  }
  const name = readName(members['name'] ?? nameFor(command, redact), `${at}.name`);
  if (!name.ok) return name;
  const timeoutMs = members['timeoutMs'] ?? defaultTimeoutMs;
  if (Number.isSafeInteger(timeoutMs) && Number(timeoutMs) >= 1) {
    if (Number(timeoutMs) <= maxTimeoutMs) {
      return ok({ name: name.value, command, timeoutMs: Number(timeoutMs) });
    }
  }
  const where = `${at}.timeoutMs`;
  const message = expectation(where, `a whole number from 1 to ${maxTimeoutMs}`, timeoutMs);
  return err(invalidConfig('INVALID_NUMBER', where, message));
}

/** The name becomes a part of file names, so it has to be safe as one. */
function readName(value: unknown, at: string): Reading<string> {
  const checked = checkIdentifier(typeof value === 'string' ? value : '');
  if (checked.ok && checked.value.length <= 64) return ok(checked.value);
  const reason = checked.ok ? 'it has more than 64 characters' : checked.error;
  const message = `${expectation(at, 'a name that can be part of a file name', value)}: ${reason}`;
  return err(invalidConfig('INVALID_VALIDATOR', at, message));
}

function toCommandLine(value: unknown): CommandLine | undefined {
  const words: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!words.every((word): word is string => typeof word === 'string')) return undefined;
  const [program, ...rest] = words;
  if (program === undefined || program.trim() === '') return undefined;
  if (words.some((word) => word.includes('\0'))) return undefined;
  return typeof value === 'string' ? value.trim() : [program, ...rest];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
