import { isAgentEnvironment } from '../agent-environment.js';
import type { RequestedFormat } from '../command.js';
import type { Io } from '../io.js';

const formats: readonly string[] = ['text', 'agent', 'json', 'ndjson'] satisfies RequestedFormat[];

/**
 * The format that the arguments ask for, found without understanding anything else in them: a
 * caller who asked for JSON gets a usage error as JSON too. What follows `--` belongs to somebody
 * else. Where the arguments ask for none, the environment tells whether an agent reads.
 */
export function requestedFormat(argv: readonly string[], env: Io['env']): RequestedFormat {
  const end = argv.indexOf('--');
  const own = end === -1 ? argv : argv.slice(0, end);
  for (const [index, token] of own.entries()) {
    const text = token === '--format' ? own[index + 1] : /^--format=(.*)$/s.exec(token)?.[1];
    if (text !== undefined && isFormat(text)) return text;
  }
  return execFormat(own) ?? (isAgentEnvironment(env) ? 'agent' : 'text');
}

/** The flags that `exec` has beside `--format`. */
function execFormat(own: readonly string[]): RequestedFormat | undefined {
  if (own[0] !== 'exec') return undefined;
  if (own.some((token) => token === '--json' || token.startsWith('--json='))) return 'json';
  return own.includes('--jsonl') ? 'ndjson' : undefined;
}

function isFormat(text: string): text is RequestedFormat {
  return formats.includes(text);
}
