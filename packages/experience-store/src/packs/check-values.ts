import { isObject } from '../record/member-values.js';

/** The member of that name that the object itself has, never an inherited one. */
export function ownMember(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

const MAX_SHOWN = 80;

/** A value as a message shows it: short, and on one line. Lists and objects are only named. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  // JSON has no such number, but 1e999 is read as one.
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return JSON.stringify(value);
  const cut = value.length > MAX_SHOWN;
  return JSON.stringify(cut ? `${value.slice(0, MAX_SHOWN)}…` : value);
}

/** A path as a message shows it: as it is, unless it would break the line. */
export function shownPath(path: string): string {
  return hasControlCharacter(path) ? JSON.stringify(path) : path;
}

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Whether it would break a line, or hide something, where it is printed. */
export function hasControlCharacter(text: string): boolean {
  return CONTROL.test(text);
}

/** An argument as a POSIX shell reads it back. */
export function quoteArgument(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Whether a relative path names each folder on its way and nothing else, on any platform: without
 * `.`, `..`, empty segments, backslashes and drives.
 */
export function isPlainPath(path: string): boolean {
  return !/[\\:]|(?:^|\/)\.{0,2}(?:\/|$)/.test(path);
}
