import { printable, printableLine } from './printable.js';
import { findLocation } from './source-location.js';

const maxColumns = 400;
/** How far below a message its place may stand: vitest and jest show a diff in between. */
const placeWithinLines = 14;

/** What one kind of error looks like, and where the rest of its sentence stands. */
interface Kind {
  readonly pattern: RegExp;
  /** `below`: the line says what failed and the next one why. `file above`: a heading names the file. */
  readonly rest?: 'below' | 'file above';
}

/** Most telling first; of one group the earliest line counts, since errors cause further ones. */
const groups: readonly (readonly Kind[])[] = [
  [
    // tsc, gcc, eslint as `unix`: a place, then the word
    { pattern: /[(:]\d+[,:]\d+\)?:?(?: -)? +(?:fatal +)?error\b/i },
    // eslint: `  3:5  error  'x' is not defined  no-undef` below the name of the file
    { pattern: /^\s+\d+:\d+ +error +\S/, rest: 'file above' },
    // rustc: `error[E0308]: mismatched types`; others: `ld: error: …`
    { pattern: /^error\[\w+\]: \S/ },
    { pattern: /(?:^|: |\[)(?:fatal )?error\]?: \S/i },
    { pattern: /^\s*[✘✗] \[ERROR\] \S/ },
    // JavaScript, Python, Java: `TypeError: …`, `AssertionError [ERR_ASSERTION]: …`
    { pattern: /^\s*(?:Uncaught )?(?:[\w$]+\.)*\w*(?:Error|Exception)(?: \[\w+\])?: \S/ },
    { pattern: /^FAILED \S+ - \S/ },
    { pattern: /^thread '.*' .*panicked at /, rest: 'below' },
    { pattern: /^\s*● \S/, rest: 'below' },
    { pattern: /^\s+\w+_test\.go:\d+: \S/ },
    { pattern: /^\S+\.go:\d+:\d+: \S/ },
    { pattern: /^(?:panic|fatal): \S/ },
    { pattern: /: (?:command not found|not found|No such file or directory|Permission denied)$/ },
  ],
  [{ pattern: /^\s*(?:FAIL|FAILED|--- FAIL:|not ok|[✗✕✖×]) +\S/ }],
  [{ pattern: /\b(?:errors?|fail(?:ed|ures?|ing)?|exception|cannot|could not)\b/i }],
];

/** What the starter of the failed program says: that it failed, never why. */
const messenger =
  /^(?:npm (?:ERR!|error)|make(?:\[\d+\])?: \*\*\*|\s*ELIFECYCLE|FAIL\t|error Command failed)|^error: (?:test failed|could not compile|script )|exit(?:ed with)? (?:code|status)/i;
/** Stack frames, marks below code, and counts of nothing. */
const noise =
  /^\s*at |^[\s|=~^⎯-]*$|\b(?:0|no) (?:errors?|fail(?:ed|ures?))\b|\b(?:errors?|failed|failures?)[:=] ?0\b|complete log of this run/i;

/**
 * The line in the end of a log that says best why it failed, on one line with its place where that
 * stands nearby. Null when no line speaks of an error.
 */
export function findRootCause(lines: readonly string[]): string | null {
  const shown = lines.map(printable);
  const said = shown.map((line) => (noise.test(line) ? '' : line));
  const own = said.map((line) => (messenger.test(line) ? '' : line));
  for (const kind of groups) {
    const found = findFirst(own, kind);
    if (found !== null) return tell(found, shown);
  }
  const heard = said.find((line) => messenger.test(line));
  return heard === undefined ? null : oneLine(heard);
}

interface Found {
  readonly at: number;
  readonly kind: Kind;
}

function findFirst(lines: readonly string[], kinds: readonly Kind[]): Found | null {
  for (const [at, line] of lines.entries()) {
    const kind = line === '' ? undefined : kinds.find(({ pattern }) => pattern.test(line));
    if (kind !== undefined) return { at, kind };
  }
  return null;
}

function tell({ at, kind }: Found, lines: readonly string[]): string | null {
  const line = (lines[at] ?? '').trim();
  const below = lines.slice(at + 1, at + 1 + placeWithinLines);
  if (kind.rest === 'file above') {
    const file = lines.slice(0, at).findLast((above) => /^\S*[\\/.]\S*$/.test(above));
    return oneLine(file === undefined ? line : `${file}:${line}`);
  }
  const reason = kind.rest === 'below' ? below.find((next) => next.trim() !== '') : undefined;
  const text = reason === undefined ? line : `${line.replace(/:$/, '')}: ${reason.trim()}`;
  if (findLocation(text) !== null) return oneLine(text);
  const place = below.map(placeOf).find((found) => found !== null);
  return oneLine(place === undefined ? text : `${text} (${place})`);
}

/** `--> src/lib.rs:3:5`, `❯ a.test.ts:2:36`, `at f (src/a.js:3:5)`, but no frame of a dependency. */
function placeOf(line: string): string | null {
  const [, text = ''] = /^\s*(?:-->|❯|at )\s*(.*)$/.exec(line) ?? [];
  const location = /node_modules|node:/.test(text) ? null : findLocation(text);
  if (location === null) return null;
  const { file, line: row, column } = location;
  return [file, row, ...(column === null ? [] : [column])].join(':');
}

function oneLine(text: string): string | null {
  const line = printableLine(text, maxColumns);
  return line === '' ? null : line;
}
