import { flagSyntax } from '../arguments/flags.js';
import type { CommandDefinition, CommandGroup } from '../command.js';
import { renderExitCodes } from '../exit-codes.js';

const program = 'codex-orchestrator';

/** Help for the whole program: a group of commands takes one line of it. */
export function renderHelp(
  definitions: readonly CommandDefinition[],
  groups: readonly CommandGroup[],
): string[] {
  const rows = definitions.map((definition): Row => {
    const group = groups.find(({ name }) => isInGroup(definition, name));
    return group === undefined
      ? commandRow(definition)
      : [`${group.name} <command>`, group.summary];
  });
  // The commands of a group stand together, and each has become the line of the group.
  const commands = rows.filter(([left], index) => left !== rows[index - 1]?.[0]);
  return [
    `${program}: runs pipelines for coding agents and CI and leaves a run record that stays true`,
    '',
    `Usage: ${program} <command> [arguments] [flags]`,
    '',
    'Commands:',
    ...renderTable(commands),
    '',
    `Flags of a command: ${program} <command> --help. Version: --version.`,
    '--key=value and --key value mean the same.',
    '',
    'Exit codes:',
    ...renderExitCodes().map((line) => `  ${line}`),
    `A run that fails at its agent loop exits with the code of the verdict: ${program} rlm --help.`,
  ];
}

/** Help for commands whose names begin with the same words. */
export function renderGroupHelp(
  name: string,
  definitions: readonly CommandDefinition[],
  groups: readonly CommandGroup[],
): string[] {
  const members = definitions.filter((definition) => isInGroup(definition, name));
  const { summary, details } = groups.find((group) => group.name === name) ?? {};
  return [
    `Usage: ${program} ${name} <command> [flags]`,
    '',
    ...(summary === undefined ? [] : [summary]),
    ...(details ?? []),
    ...(summary === undefined ? [] : ['']),
    'Commands:',
    ...renderTable(members.map(commandRow)),
    '',
    `Flags of a command: ${program} ${name} <command> --help`,
  ];
}

function isInGroup({ name }: CommandDefinition, group: string): boolean {
  return name.startsWith(`${group} `);
}

function commandRow({ name, positionals, summary }: CommandDefinition): Row {
  return [`${name} ${positionals}`.trim(), summary];
}

/** Help for one command. */
export function renderCommandHelp(definition: CommandDefinition): string[] {
  const { name, positionals, summary, details, flags } = definition;
  const rows = Object.entries(flags).map(([flagName, flag]): Row => {
    const aliases = (flag.aliases ?? []).map((alias) => `, --${alias}`).join('');
    return [`${flagSyntax(flagName, flag)}${aliases}`, flag.description];
  });
  const usage =
    positionals === '[...command]' ? '[flags] -- <command...>' : `${positionals} [flags]`;
  return [
    `Usage: ${program} ${name} ${usage.trim()}`,
    '',
    summary,
    ...details,
    '',
    'Flags:',
    ...renderTable([...rows, ['-h, --help', 'Show this help']]),
  ];
}

type Row = readonly [left: string, right: string];

function renderTable(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
