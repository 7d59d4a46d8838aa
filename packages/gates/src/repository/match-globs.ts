import picomatch from 'picomatch';

import { GateError } from '../errors.js';

/**
 * Makes the judge of whether a path, relative and with `/`, is meant by some globs: it matches one of them
 * and none that begins with `!`. Globs of the second kind alone mean all other paths. A glob that ends in
 * `/` means what lies below, and files that begin with a dot are like any other.
 *
 * @throws GateError `INVALID_OPTION` for a glob that is none
 */
export function matchGlobs(patterns: readonly string[]): (path: string) => boolean {
  const excluding = patterns.filter(isExcluding).map((pattern) => pattern.slice(1));
  const including = patterns.filter((pattern) => !isExcluding(pattern));
  const isExcluded = matchAny(excluding);
  const isIncluded = including.length === 0 ? () => excluding.length > 0 : matchAny(including);
  return (path) => isIncluded(path) && !isExcluded(path);
}

/** The folders and files, relative to the root, outside of which no path matches; `.` is the root. */
export function foldersOfGlobs(patterns: readonly string[]): readonly string[] {
  const including = patterns.filter((pattern) => !isExcluding(pattern));
  if (including.length === 0) return ['.'];
  const bases = including.map((pattern) => picomatch.scan(pattern).base || '.');
  // What leads out of the root matches nothing in it.
  const folders = new Set(bases.filter((base) => !/^(?:\/|\.\.(?:\/|$))/.test(base)));
  return folders.has('.') ? ['.'] : [...folders].sort();
}

function isExcluding(pattern: string): boolean {
  return pattern.startsWith('!');
}

function matchAny(patterns: readonly string[]): (path: string) => boolean {
  const matchers = patterns.map(compile);
  return (path) => matchers.some((matches) => matches(path));
}

function compile(pattern: string): (path: string) => boolean {
  try {
    const whole = pattern.endsWith('/') ? `${pattern}**` : pattern;
    // Without the flag, a line break in a name hides a file from `**`.
    return picomatch(whole, { dot: true, flags: 's', nonegate: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `Cannot use ${JSON.stringify(pattern)} as a glob: ${reason}`;
    throw new GateError('INVALID_OPTION', message, { cause });
  }
}
