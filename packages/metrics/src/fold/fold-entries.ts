import { factsOf } from '../entry/facts-of.js';
import { builtInReducers, finishBuiltIn } from './built-in.js';
import type { Finished } from './built-in.js';
import type { EntryFacts } from './facts.js';
import { Fold } from './fold.js';
import type { AnyReducer } from './fold.js';

/** Counts parsed entries as a history does, in memory. */
export interface FoldedEntries {
  /** What `buildDocuments` asks for. */
  readonly finished: Finished;
  /** What the given reducers come to, by their ids. */
  readonly custom: Readonly<Record<string, unknown>>;
}

/**
 * Folds parsed entries without a file: values that are no entries are left out, a repeat of an attempt is
 * ignored, and a later attempt of a run replaces the earlier one.
 *
 * @param reducers - counted besides the built-in ones
 * @throws TypeError when two reducers have the same id
 */
export function foldEntries(
  entries: Iterable<unknown>,
  reducers: readonly AnyReducer[] = [],
): FoldedEntries {
  const fold = new Fold([...builtInReducers(), ...reducers]);
  const counted = new Map<string, EntryFacts>();
  for (const entry of entries) {
    const facts = factsOf(entry);
    if (facts === undefined) continue;
    const earlier = counted.get(facts.runId);
    if (earlier !== undefined && facts.attempt <= earlier.attempt) continue;
    if (earlier !== undefined) fold.retract(earlier);
    fold.add(facts);
    counted.set(facts.runId, facts);
  }
  return {
    finished: finishBuiltIn(fold),
    custom: Object.fromEntries(reducers.map((reducer) => [reducer.id, fold.finish(reducer)])),
  };
}
