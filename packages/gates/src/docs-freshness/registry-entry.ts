import { posix } from 'node:path';

import * as z from 'zod/mini';

import { parseDay } from '../calendar/calendar-day.js';

/** One entry of the registry, as far as it can be used. */
export interface RegistryEntry {
  /** Relative to the root, normalised; null where it is no path in the root. */
  readonly path: string | null;
  /** What stands there, for whoever is told of it. */
  readonly label: string;
  readonly status: EntryStatus | null;
  /** Days since the epoch; null where it is no date. */
  readonly reviewDay: number | null;
  readonly cadenceDays: number | null;
  /** What is wrong with it by itself; empty where nothing is. */
  readonly issues: readonly string[];
}

export const entryStatuses = ['active', 'archived', 'deprecated'] as const;
export type EntryStatus = (typeof entryStatuses)[number];

/** What stands for an owner where nobody was named. */
const placeholders: ReadonlySet<string> = new Set(['', 'owner', 'tbd', 'unassigned']);

/** Reads entries one by one: what is wrong with one costs that one alone. Unknown members are nothing. */
export function createEntryReader(): (entry: unknown) => RegistryEntry {
  const schema = entrySchema();
  return (entry) => {
    const parsed = schema.safeParse(entry);
    if (parsed.success) return toEntry(parsed.data, new Map());
    const wrong = new Map<string, string>();
    for (const { path, message } of parsed.error.issues) {
      const member = String(path[0] ?? '');
      if (!wrong.has(member)) wrong.set(member, message);
    }
    return toEntry(entry, wrong);
  };
}

/** Those members of an entry that are not `wrong`, by member and what is to be said of it. */
function toEntry(entry: unknown, wrong: ReadonlyMap<string, string>): RegistryEntry {
  const members = (wrong.has('') ? {} : entry) as Readonly<Record<string, unknown>>;
  const usable = (member: string): unknown => (wrong.has(member) ? undefined : members[member]);
  const path = usable('path');
  const status = usable('status');
  const reviewed = usable('last_review');
  const cadence = usable('cadence_days');
  // Nobody has to look after what is archived.
  const ignored = status === 'archived' ? 'owner' : undefined;
  return {
    path: typeof path === 'string' ? posix.normalize(path) : null,
    label: typeof members['path'] === 'string' ? members['path'] : '<missing>',
    status: (status ?? null) as EntryStatus | null,
    reviewDay: typeof reviewed === 'string' ? parseDay(reviewed) : null,
    cadenceDays: typeof cadence === 'number' ? cadence : null,
    issues: [...wrong].flatMap(([member, issue]) => (member === ignored ? [] : issue)),
  };
}

function entrySchema() {
  return z.looseObject(
    {
      path: z
        .string('missing path')
        .check(z.minLength(1, 'missing path'), z.refine(isInside, 'path outside of the root')),
      status: z.enum(entryStatuses, 'invalid status'),
      cadence_days: z.int('invalid cadence_days').check(z.positive('invalid cadence_days')),
      last_review: z
        .string('invalid last_review')
        .check(z.refine((date) => parseDay(date) !== null, 'invalid last_review')),
      owner: z.string('missing owner').check(z.refine(isOwner, 'missing owner')),
    },
    'not an object',
  );
}

function isInside(path: string): boolean {
  const normal = posix.normalize(path);
  const leadsOut = normal === '.' || normal === './' || /^\.\.(?:\/|$)/.test(normal);
  return !leadsOut && !posix.isAbsolute(normal) && !/^[A-Za-z]:|\0/.test(normal);
}

function isOwner(owner: string): boolean {
  return !placeholders.has(owner.trim().toLowerCase());
}
