import type { EntryFacts } from './facts.js';
import type { JsonValue, Reducer } from './reducer.js';

/** A reducer's part of a checkpoint. */
export interface EncodedPart {
  readonly version: number;
  readonly state: JsonValue;
}

interface Part {
  readonly reducer: AnyReducer;
  state: unknown;
}

/** A reducer whatever it counts. */
export type AnyReducer = Reducer<unknown, unknown>;

/** Several reducers over the same entries, with their states. */
export class Fold {
  #parts: readonly Part[];

  /** Each with nothing counted. @throws TypeError when two have the same id. */
  constructor(reducers: readonly AnyReducer[]) {
    if (new Set(reducers.map(({ id }) => id)).size < reducers.length) {
      throw new TypeError('Expected reducers to have different ids');
    }
    this.#parts = reducers.map((reducer) => ({ reducer, state: reducer.init() }));
  }

  /**
   * Goes on where `encode` was called.
   *
   * @returns `undefined` when the parts are of other reducers, of other versions of them, or unusable.
   */
  static decode(
    reducers: readonly AnyReducer[],
    encoded: Readonly<Record<string, EncodedPart>>,
  ): Fold | undefined {
    const fold = new Fold(reducers);
    if (Object.keys(encoded).length !== reducers.length) return undefined;
    for (const part of fold.#parts) {
      const { id, version } = part.reducer;
      const found = Object.hasOwn(encoded, id) ? encoded[id] : undefined;
      if (found?.version !== version) return undefined;
      try {
        part.state = part.reducer.decode(found.state);
      } catch {
        return undefined;
      }
    }
    return fold;
  }

  add(facts: EntryFacts): void {
    for (const { reducer, state } of this.#parts) reducer.add(state, facts);
  }

  retract(facts: EntryFacts): void {
    for (const { reducer, state } of this.#parts) reducer.retract(state, facts);
  }

  /** The same states without that reducer's: who adds to both sees to it that none misses an entry. */
  without(reducer: AnyReducer): Fold {
    return this.#keep((part) => part.reducer !== reducer);
  }

  /** The state of that reducer alone. */
  only(reducer: AnyReducer): Fold {
    return this.#keep((part) => part.reducer === reducer);
  }

  encode(): Record<string, EncodedPart> {
    return Object.fromEntries(
      this.#parts.map(({ reducer, state }) => [
        reducer.id,
        { version: reducer.version, state: reducer.encode(state) },
      ]),
    );
  }

  /** Adds what another fold with the same reducers has counted of entries that follow all of this one's. */
  merge(later: Fold): void {
    this.#parts.forEach(({ reducer, state }, at) => {
      reducer.merge?.(state, later.#parts[at]?.state);
    });
  }

  /** What the reducer comes to. @throws TypeError when it is none of this fold's. */
  finish<Output>(reducer: Reducer<unknown, Output>): Output {
    const part = this.#parts.find((each) => each.reducer === reducer);
    if (part === undefined) throw new TypeError(`Expected ${reducer.id} among the reducers`);
    return part.reducer.finish(part.state) as Output;
  }

  #keep(isKept: (part: Part) => boolean): Fold {
    const fold = new Fold([]);
    fold.#parts = this.#parts.filter(isKept);
    return fold;
  }
}
