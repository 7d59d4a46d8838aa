import { closestName } from '@codex-orchestrator/core';

import { usageError } from '../errors.js';
import type { CliError } from '../errors.js';
import { flagSyntax, toKebabCase } from './flags.js';
import type { ChoiceFlag, Flag, FlagTable } from './flags.js';

/** A flag as typed, with its text not yet read. */
export interface ScannedFlag {
  /** The camelCase name under which the flag is defined, whatever alias was typed. */
  readonly name: string;
  readonly text: string | boolean;
}

export interface ScannedTokens {
  readonly flags: readonly ScannedFlag[];
  /** Everything that is no flag, in order: the command, its arguments, and all that follows `--`. */
  readonly words: readonly string[];
}

interface KnownFlag {
  readonly name: string;
  readonly flag: Flag;
}

interface Scan {
  readonly known: ReadonlyMap<string, KnownFlag>;
  readonly rest: string[];
  readonly flags: Map<string, string | boolean>;
}

const shortFlags: Readonly<Record<string, string>> = { '-h': '--help', '-v': '--version' };

/**
 * Tells flags from words. `--key value` and `--key=value` mean the same, a boolean never takes the
 * word after it, and what follows `--` is never a flag.
 *
 * @throws CliError `USAGE` for a flag that no command knows, a missing value, a value given twice.
 */
export function scanTokens(argv: readonly string[], tables: readonly FlagTable[]): ScannedTokens {
  const scan: Scan = { known: knownFlags(tables), rest: [...argv], flags: new Map() };
  const words: string[] = [];
  for (let token = scan.rest.shift(); token !== undefined; token = scan.rest.shift()) {
    if (token === '--') words.push(...scan.rest.splice(0));
    else if (token.startsWith('-') && token !== '-') takeFlag(scan, shortFlags[token] ?? token);
    else words.push(token);
  }
  return { flags: [...scan.flags].map(([name, text]) => ({ name, text })), words };
}

function knownFlags(tables: readonly FlagTable[]): Map<string, KnownFlag> {
  const known = new Map<string, KnownFlag>();
  for (const [name, flag] of tables.flatMap((table) => Object.entries(table))) {
    for (const written of [toKebabCase(name), ...(flag.aliases ?? [])]) {
      known.set(written, { name, flag });
    }
  }
  return known;
}

function takeFlag(scan: Scan, token: string): void {
  const [, written = '', inline] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(token) ?? [];
  const negated = written.startsWith('no-') && !scan.known.has(written);
  const found = scan.known.get(negated ? written.slice(3) : written);
  if (found === undefined || (negated && found.flag.kind !== 'boolean')) {
    throw unknownFlag(inline === undefined ? token : `--${written}`, scan.known.keys());
  }
  const text =
    found.flag.kind === 'boolean'
      ? readBoolean(token, inline, !negated)
      : takeText(scan, found, inline);
  setOnce(scan, found.name, text);
}

function readBoolean(token: string, inline: string | undefined, value: boolean): boolean {
  if (inline === undefined || inline === 'true') return value;
  if (inline === 'false') return !value;
  throw usageError(
    `Expected \`${token}\` to be a flag without a value, or \`=true\` or \`=false\``,
  );
}

function takeText(scan: Scan, { name, flag }: KnownFlag, inline: string | undefined): string {
  const text = inline ?? takeNextWord(scan, flag);
  if (text !== undefined && text !== '') return text;
  throw usageError(`Expected a value: \`${flagSyntax(name, flag)}\``);
}

function takeNextWord(scan: Scan, flag: Flag): string | undefined {
  const next = scan.rest[0];
  if (flag.kind === 'choice' && flag.bare !== undefined) {
    return isChoice(flag, next) ? scan.rest.shift() : flag.bare;
  }
  return next === undefined || next.startsWith('--') ? undefined : scan.rest.shift();
}

function isChoice(flag: ChoiceFlag, word: string | undefined): boolean {
  return word !== undefined && flag.choices.includes(word);
}

function setOnce(scan: Scan, name: string, text: string | boolean): void {
  const before = scan.flags.get(name);
  if (before !== undefined && before !== text) {
    throw usageError(`\`--${toKebabCase(name)}\` was given twice, with different values`);
  }
  scan.flags.set(name, text);
}

/** The error for a flag that does not exist (here), naming the one that was probably meant. */
export function unknownFlag(
  typed: string,
  writtenNames: Iterable<string>,
  command?: string,
): CliError {
  const meant = closestName(typed.replace(/^-+/, ''), writtenNames);
  const hint = meant === undefined ? undefined : `Did you mean \`--${meant}\`?`;
  const where = command === undefined ? '' : ` for \`${command}\``;
  return usageError(`Unknown flag \`${typed}\`${where}`, hint);
}
