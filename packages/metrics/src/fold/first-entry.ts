import type { EntryFacts } from './facts.js';
import type { JsonValue, Reducer } from './reducer.js';

/** The entry that counted first, as a baseline has it. */
export interface FirstEntry {
  readonly run_id: string;
  readonly recorded_at: string;
  readonly status: string;
  /** Missing where the entry has no such member; null where it has no finite number. */
  readonly duration_seconds?: number | null;
  /** 1 when the run succeeded, otherwise 0. */
  readonly completion_rate: 0 | 1;
}

export interface FirstEntryState {
  entry: FirstEntry | undefined;
}

/** Keeps the first entry that counted, even when a later attempt of its run replaces it. */
export const firstEntry: Reducer<FirstEntryState, FirstEntry | undefined> = {
  id: 'first-entry',
  version: 1,
  init: () => ({ entry: undefined }),
  add(state, facts) {
    state.entry ??= firstEntryOf(facts);
  },
  retract() {
    // What came first stays so.
  },
  encode: ({ entry }): JsonValue => (entry === undefined ? null : { ...entry }),
  decode(value) {
    if (value === null) return { entry: undefined };
    if (!isFirstEntry(value)) throw new TypeError('Expected an encoded entry');
    return { entry: value };
  },
  finish: ({ entry }) => entry,
  merge(state, later) {
    state.entry ??= later.entry;
  },
};

/** What a baseline keeps of an entry. */
export function firstEntryOf(facts: EntryFacts): FirstEntry {
  const { durationSeconds } = facts;
  return {
    run_id: facts.runId,
    recorded_at: facts.recordedAt,
    status: facts.status,
    ...(durationSeconds === undefined ? {} : { duration_seconds: durationSeconds }),
    completion_rate: facts.status === 'succeeded' ? 1 : 0,
  };
}

function isFirstEntry(value: unknown): value is FirstEntry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as { readonly [Key in keyof FirstEntry]?: unknown };
  return (
    typeof entry.run_id === 'string' &&
    typeof entry.recorded_at === 'string' &&
    typeof entry.status === 'string' &&
    (entry.completion_rate === 0 || entry.completion_rate === 1)
  );
}
