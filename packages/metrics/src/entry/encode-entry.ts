import { messageOf } from '@codex-orchestrator/core';

import { MetricsError } from '../errors.js';
import { isEntry } from './facts-of.js';
import { isObject } from './members.js';
import { entryMembers } from './entry-members.js';
import type { MemberOrder } from './entry-members.js';
import type { MetricsEntry } from './entry.js';

/**
 * The line of an entry, without a newline, in the one order that readers are quickest with. Members that
 * are not known follow behind the others.
 *
 * @throws MetricsError `ENTRY_INVALID`: `run_id`, `status` or `recorded_at` is no string or blank, or the
 * entry holds something that JSON has no word for.
 */
export function encodeEntry(entry: MetricsEntry): string {
  if (!isEntry(entry)) {
    throw new MetricsError(
      'ENTRY_INVALID',
      'Expected an entry with a `run_id`, a `status` and a `recorded_at` that are not blank',
    );
  }
  try {
    // Ordering costs twice what writing does, and whoever makes entries mostly keeps to the order.
    return JSON.stringify(isInOrder(entry, entryMembers) ? entry : inOrder(entry, entryMembers));
  } catch (error) {
    throw new MetricsError(
      'ENTRY_INVALID',
      `Cannot write the entry of run "${entry.run_id}" as JSON: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function isInOrder(value: object, { keys, within }: MemberOrder): boolean {
  let from = 0;
  const members = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(members)) {
    // Nearly always it is the one that follows.
    const at = keys[from] === key ? from : keys.indexOf(key, from);
    if (at === -1 && keys.includes(key)) return false;
    from = at === -1 ? keys.length : at + 1;
    const order = at === -1 ? undefined : within[key];
    if (order !== undefined && !isNestedInOrder(members[key], order)) return false;
  }
  return true;
}

function isNestedInOrder(value: unknown, order: MemberOrder): boolean {
  if (Array.isArray(value)) return value.every((member: unknown) => isNestedInOrder(member, order));
  return !isObject(value) || isInOrder(value, order);
}

function inOrder(value: object, { keys, within }: MemberOrder): object {
  const source = value as Readonly<Record<string, unknown>>;
  const ordered = new Map<string, unknown>();
  for (const key of keys) {
    if (Object.hasOwn(source, key)) ordered.set(key, nested(source[key], within[key]));
  }
  for (const key of Object.keys(source)) {
    if (!ordered.has(key)) ordered.set(key, source[key]);
  }
  return Object.fromEntries(ordered);
}

function nested(value: unknown, order: MemberOrder | undefined): unknown {
  if (order === undefined) return value;
  if (Array.isArray(value)) return value.map((member: unknown) => nested(member, order));
  return isObject(value) ? inOrder(value, order) : value;
}
