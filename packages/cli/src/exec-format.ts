import { isAgentEnvironment } from './agent-environment.js';
import type { FlagValues } from './arguments/flags.js';
import type { execGrammar } from './command-grammar.js';
import { usageError } from './errors.js';
import type { Io } from './io.js';

/**
 * `summary` is one JSON value, `events` one per line, `text` the output of the command itself, `agent`
 * the end of that output in an answer of a kilobyte.
 */
export type ExecFormat =
  | { readonly kind: 'text' | 'events' | 'agent' }
  | { readonly kind: 'summary'; readonly style: 'compact' | 'pretty' };

type ExecFlags = FlagValues<(typeof execGrammar)['flags']>;

/**
 * What `exec` prints. It has flags of its own from before `--format`; the two ways of saying it must
 * not contradict each other.
 *
 * @throws CliError `USAGE`
 */
export function decideExecFormat(
  flags: Pick<ExecFlags, 'format' | 'json' | 'jsonl'>,
  { env, stdout, stderr }: Pick<Io, 'env' | 'stderr' | 'stdout'>,
): ExecFormat {
  const asked = [
    ...(flags.json === undefined ? [] : ['json']),
    ...(flags.jsonl === true ? ['ndjson'] : []),
    ...(flags.format === undefined ? [] : [flags.format]),
  ];
  if (new Set(asked).size > 1) throw usageError('Expected one of `--json`, `--jsonl`, `--format`');
  switch (asked[0]) {
    case 'json':
      return { kind: 'summary', style: flags.json ?? 'pretty' };
    case 'ndjson':
      return { kind: 'events' };
    case 'text':
      return { kind: 'text' };
    case 'agent':
      return { kind: 'agent' };
    case undefined:
    default:
      if (isAgentEnvironment(env)) return { kind: 'agent' };
      return { kind: stdout.isTTY && stderr.isTTY ? 'text' : 'events' };
  }
}
