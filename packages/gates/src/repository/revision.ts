import { GateError } from '../errors.js';
import type { Repository } from './open-repository.js';

/** A revision that somebody named, and where. */
export interface NamedRevision {
  readonly name: string;
  /** Flag, variable or setting. */
  readonly place: string;
}

/**
 * Refuses what git would take for an option or for more than one revision.
 *
 * @throws GateError `INVALID_BASE`
 */
export function checkRevision({ name, place }: NamedRevision): void {
  if (/^[-^]|\.\.|\p{Cc}/u.test(name)) {
    const message = `Cannot use ${quote(name)} (${place}) as a revision: it names no single commit`;
    throw new GateError('INVALID_BASE', message);
  }
}

export function unknownRevision(
  { name, place }: NamedRevision,
  { isShallow }: Pick<Repository, 'isShallow'>,
): GateError {
  const message = `Cannot compare with ${quote(name)} (${place}): no commit here is called so`;
  return new GateError('INVALID_BASE', message, { hint: isShallow ? shallowHint : hint });
}

const hint = 'Fetch it, or name a commit that is here';

/** What to do about history that a clone does not have. */
export const shallowHint =
  'This clone is shallow. Fetch its history: `git fetch --unshallow`, or `fetch-depth: 0` where actions/checkout made it';

function quote(name: string): string {
  return JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}…` : name);
}
