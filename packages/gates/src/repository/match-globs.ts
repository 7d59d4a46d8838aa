import { messageOf } from '@codex-orchestrator/core';
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

/** One expression for all of them: there can be many paths to hold against many globs. */
function matchAny(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false;
  // A name can hold what means something in a glob, and be written as it is.
  const names = new Set(patterns);
  const sources = patterns.map((pattern) => `(?:${sourceOf(pattern)})`);
  // Without the flag, a line break in a name hides a file from `**`.
  const expression = new RegExp(sources.join('|'), 's');
  return (path) => names.has(path) || expression.test(path);
}

function sourceOf(pattern: string): string {
  if (pattern === '') throw noGlob(pattern, 'it is empty');
  const whole = pattern.endsWith('/') ? `${pattern}**` : pattern;
  try {
    return picomatch.makeRe(whole, { dot: true, nonegate: true }).source;
  } catch (cause) {
    throw noGlob(pattern, messageOf(cause), { cause });
  }
}

function noGlob(pattern: string, reason: string, options?: ErrorOptions): GateError {
  const shown = JSON.stringify(pattern.length > 200 ? `${pattern.slice(0, 200)}…` : pattern);
  return new GateError('INVALID_OPTION', `Cannot use ${shown} as a glob: ${reason}`, options);
}
