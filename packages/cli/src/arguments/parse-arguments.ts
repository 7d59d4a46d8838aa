import { cac } from 'cac';
import type { CAC } from 'cac';

import type { CommandDefinition } from '../command.js';
import { usageError } from '../errors.js';
import { findCommand, wordCount } from './find-command.js';
import { flagSyntax, toKebabCase } from './flags.js';
import type { Flag, FlagTable, FlagValues } from './flags.js';
import { readFlag } from './read-flag.js';
import { scanTokens, unknownFlag } from './scan-tokens.js';
import type { ScannedTokens } from './scan-tokens.js';

/** What the arguments ask for. */
export type Request =
  | { readonly kind: 'version' }
  | { readonly kind: 'help'; readonly command: CommandDefinition | undefined }
  /** Help for a word that only other words make a command of, such as `metrics`. */
  | { readonly kind: 'group'; readonly name: string }
  | {
      readonly kind: 'command';
      readonly command: CommandDefinition;
      readonly flags: FlagValues<FlagTable>;
      readonly positionals: readonly string[];
    };

const globalFlags = {
  help: { kind: 'boolean', description: 'Show this help' },
  version: { kind: 'boolean', description: 'Show the version' },
} as const;

/**
 * Reads the arguments after the program's name.
 *
 * @throws CliError `USAGE` with the flag or command that was probably meant
 */
export function parseArguments(
  argv: readonly string[],
  definitions: readonly CommandDefinition[],
): Request {
  const tables = [...definitions.map((definition) => definition.flags), globalFlags];
  const tokens = scanTokens(argv, tables);
  const asks = (name: string): boolean =>
    tokens.flags.some((flag) => flag.name === name && flag.text === true);
  const [first, ...others] = tokens.words;
  const asksForHelp = asks('help') || first === 'help';
  if (first === undefined && asks('version')) return { kind: 'version' };
  if (first === 'version' && !asksForHelp) return { kind: 'version' };
  if (first === undefined) return { kind: 'help', command: undefined };
  const named = first === 'help' ? others : tokens.words;
  if (named.length === 0) return { kind: 'help', command: undefined };
  const found = findCommand(named, definitions);
  if (found.kind === 'group') return found;
  const { command } = found;
  return asksForHelp ? { kind: 'help', command } : matchCommand(tokens, command);
}

function matchCommand(tokens: ScannedTokens, command: CommandDefinition): Request {
  const cli = createCac(command);
  const parsed = cli.parse(['', '', ...shieldTokens(tokens, command)], { run: false });
  refuseForeignFlags(tokens, command, cli);
  const positionals = parsed.args.map(unshield);
  refuseExtraWords(positionals, command);
  const flags = Object.entries(command.flags).map(([name, flag]) => [
    name,
    readValue(name, flag, parsed.options[name]),
  ]);
  return {
    kind: 'command',
    command,
    positionals,
    flags: Object.fromEntries(flags) as FlagValues<FlagTable>,
  };
}

/** Of the one command only: cac reads all arguments anew for every command that it knows. */
function createCac({ name, positionals, summary, flags }: CommandDefinition): CAC {
  const cli = cac('codex-orchestrator');
  const command = cli.command(`${asOneWord(name)} ${positionals}`.trim(), summary);
  for (const [flagName, flag] of Object.entries(flags)) {
    command.option(flagSyntax(flagName, flag), flag.description);
  }
  return cli;
}

/**
 * cac turns `--task 0101` into the number 101, `--a.b` into an object, and lets a boolean flag in
 * kebab-case swallow the word after it. So it gets every text behind a colon and every boolean with
 * its value: nothing then looks like something else.
 */
function shieldTokens({ flags, words }: ScannedTokens, { name }: CommandDefinition): string[] {
  const rest = words.slice(wordCount(name));
  const shieldedFlags = flags.map(({ name, text }) =>
    typeof text === 'boolean' ? `--${name}=${String(text)}` : `--${name}=:${text}`,
  );
  return [asOneWord(name), ...shieldedFlags, ...rest.map((word) => `:${word}`)];
}

/** cac tells a command by one word. */
function asOneWord(name: string): string {
  return name.replaceAll(' ', '-');
}

function unshield(text: string): string {
  return text.slice(1);
}

function refuseForeignFlags(tokens: ScannedTokens, command: CommandDefinition, cli: CAC): void {
  const foreign = tokens.flags.find(
    ({ name }) => cli.matchedCommand?.hasOption(name) === undefined,
  );
  if (foreign === undefined) return;
  const own = Object.keys(command.flags).map(toKebabCase);
  throw unknownFlag(`--${toKebabCase(foreign.name)}`, own, command.name);
}

function refuseExtraWords(
  positionals: readonly string[],
  { name, ...command }: CommandDefinition,
): void {
  if (command.positionals.startsWith('[...')) return;
  const taken = command.positionals === '' ? 0 : command.positionals.split(' ').length;
  const extra = positionals[taken];
  if (extra === undefined) return;
  throw usageError(`\`${name}\` does not take the argument \`${extra}\``);
}

function readValue(name: string, flag: Flag, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return readFlag(name, flag, unshield(value));
}
