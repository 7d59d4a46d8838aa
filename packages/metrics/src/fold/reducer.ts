import type { EntryFacts } from './facts.js';

/** A value that survives `JSON.stringify` and `JSON.parse` unchanged. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/**
 * One aggregate over a history. It is pure: what it knows is in its state, which moves on in place, and
 * the same entries in the same order give the same state.
 *
 * The history calls `add` once per attempt of a run that counts, in file order, and `retract` with the
 * facts of an attempt that was added before, when a later attempt of the same run replaces it. After
 * that, the state must say the same as if the attempt had never been added, except for the order in which
 * things were first seen.
 */
export interface Reducer<State, Output> {
  /** Names its part of the checkpoint. */
  readonly id: string;
  /** Raise it when the meaning of the state changes: checkpoints of other versions are rebuilt. */
  readonly version: number;
  init(): State;
  add(state: State, facts: EntryFacts): void;
  retract(state: State, facts: EntryFacts): void;
  /** The state as JSON, and back. The same state gives the same text, however it came about. */
  encode(state: State): JsonValue;
  /** @throws anything at all when the value is not what `encode` gave: the history is then counted anew. */
  decode(value: JsonValue): State;
  /** What the state comes to; leaves it as it is. */
  finish(state: State): Output;
  /**
   * Adds what another state has counted of entries that follow all of this one's. Only reducers that can
   * do so are counted in parallel; the others are counted in one go.
   */
  merge?(state: State, later: State): void;
}
