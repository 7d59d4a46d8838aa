import type { Format } from '../command.js';

const formats: readonly string[] = ['text', 'json', 'ndjson'];

/**
 * The format that the arguments ask for, found without understanding anything else in them: a
 * caller who asked for JSON gets a usage error as JSON too. What follows `--` belongs to somebody
 * else.
 */
export function requestedFormat(argv: readonly string[]): Format {
  const end = argv.indexOf('--');
  const own = end === -1 ? argv : argv.slice(0, end);
  for (const [index, token] of own.entries()) {
    const text = token === '--format' ? own[index + 1] : /^--format=(.*)$/s.exec(token)?.[1];
    if (text !== undefined && isFormat(text)) return text;
  }
  return execFormat(own);
}

/** The flags that `exec` has beside `--format`. */
function execFormat(own: readonly string[]): Format {
  if (own[0] !== 'exec') return 'text';
  if (own.some((token) => token === '--json' || token.startsWith('--json='))) return 'json';
  return own.includes('--jsonl') ? 'ndjson' : 'text';
}

function isFormat(text: string): text is Format {
  return formats.includes(text);
}
