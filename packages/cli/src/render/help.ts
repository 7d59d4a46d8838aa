import { flagSyntax } from '../arguments/flags.js';
import type { CommandDefinition } from '../command.js';
import { renderExitCodes } from '../exit-codes.js';

const program = 'codex-orchestrator';

/** Help for the whole program. */
export function renderHelp(definitions: readonly CommandDefinition[]): string[] {
  const commands = definitions.map(({ name, positionals, summary }): Row => [
    `${name} ${positionals}`.trim(),
    summary,
  ]);
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
  ];
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
