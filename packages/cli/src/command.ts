import type { FlagTable, FlagValues } from './arguments/flags.js';
import type { Io } from './io.js';
import type { Answer } from './answer.js';

/** How an answer is written. */
export type Format = 'text' | 'json' | 'ndjson';

/** What `--format` may be: `agent` is text in at most a kilobyte, for coding agents. */
export type RequestedFormat = Format | 'agent';

/** What a command gets beside its arguments. */
export interface CommandContext {
  readonly io: Io;
  readonly format: Format;
  /** The one way to stdout. */
  readonly answer: Answer;
}

/** Arguments as the command's own definition types them. */
export interface CommandInput<Table extends FlagTable> {
  readonly flags: FlagValues<Table>;
  /** Positional arguments in order; for `exec` the command and its arguments. */
  readonly positionals: readonly string[];
}

/** Runs one command and resolves to the exit code. */
export type RunCommand<Table extends FlagTable> = (
  input: CommandInput<Table>,
  context: CommandContext,
) => Promise<number>;

/** The grammar of one command as data: the parser, the help and the suggestions come from it. */
export interface CommandGrammar<Table extends FlagTable = FlagTable> {
  /** One word, or several with a space between them: `metrics show`. */
  readonly name: string;
  /** What follows the name, as cac writes it. */
  readonly positionals:
    | ''
    | '[pipeline]'
    | '[run]'
    | '[id]'
    | '[id] [slug]'
    | '[file]'
    | '[...id]'
    | '[...path]'
    | '[...command]'
    | '[...goal]';
  readonly summary: string;
  /** Further lines for `<command> --help`. */
  readonly details: readonly string[];
  readonly flags: Table;
}

/** What commands have in common whose names begin with the same word, for the help. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  /** Further lines for `<group> --help`. */
  readonly details: readonly string[];
}

/** A grammar with a loader for its code, so that asking for help loads none of it. */
export interface CommandDefinition extends CommandGrammar {
  readonly load: () => Promise<RunCommand<FlagTable>>;
}

/** Keeps the flag table's own type, so that the command's code sees exact value types. */
export function defineGrammar<const Table extends FlagTable>(
  grammar: CommandGrammar<Table>,
): CommandGrammar<Table> {
  return grammar;
}

/**
 * Ties code to its grammar. The table of commands then forgets the exact flag types, which is safe:
 * the parser hands each command the values that its own grammar declares and no others.
 */
export function defineCommand<Table extends FlagTable>(
  grammar: CommandGrammar<Table>,
  load: () => Promise<RunCommand<Table>>,
): CommandDefinition {
  return { ...grammar, load: load as CommandDefinition['load'] };
}
