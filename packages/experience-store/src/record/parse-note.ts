import { countOf, isObject, textOf } from './member-values.js';
import type { Members } from './member-values.js';
import type { ExperienceNote, RecordReference, RunUse } from './record.js';

/** Reads a note; `undefined` for one of a kind that is not known, or that does not say on what it is. */
export function parseNote(members: Members, taskId: string): ExperienceNote | undefined {
  const { note } = members;
  const createdAt = textOf(members['createdAt']) ?? '';
  if (note === 'outcome') return outcomeOf(members, { taskId, createdAt });
  const reference = referenceOf(members);
  if (reference === undefined) return undefined;
  if (note === 'seen') {
    return { note, taskId, createdAt, ...reference, runId: textOf(members['runId']) ?? '' };
  }
  if (note === 'pinned' || note === 'unpinned' || note === 'forgotten') {
    return { note, taskId, createdAt, ...reference };
  }
  return undefined;
}

function outcomeOf(
  members: Members,
  head: { readonly taskId: string; readonly createdAt: string },
): ExperienceNote | undefined {
  const { outcome, used } = members;
  if (!isRunUse(outcome) || !Array.isArray(used)) return undefined;
  return {
    note: 'outcome',
    ...head,
    runId: textOf(members['runId']) ?? '',
    attempt: countOf(members['attempt']),
    outcome,
    used: used.map(referenceOf).filter((reference) => reference !== undefined),
  };
}

function isRunUse(value: unknown): value is RunUse {
  return value === 'helped' || value === 'harmed' || value === 'neutral';
}

function referenceOf(value: unknown): RecordReference | undefined {
  if (!isObject(value)) return undefined;
  const { id, domain } = value;
  if (typeof id !== 'string' || id === '' || typeof domain !== 'string') return undefined;
  return { id, domain };
}
