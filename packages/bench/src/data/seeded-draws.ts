/** Draws from a seed that are the same on every machine and every Node: integers of 32 bits throughout. */
export interface SeededDraws {
  /** A whole number from 0 to below `bound`. */
  below(bound: number): number;
  /** One of the values, of which there is at least one. */
  pick<Value>(values: readonly Value[]): Value;
  hex(digits: number): string;
}

/**
 * Mulberry32, begun anew for each index, so that parts can be made from anywhere and those of a shorter
 * data set are the beginning of a longer one.
 */
export function createDraws(seed: number, index: number): SeededDraws {
  return new Mulberry(seed, index);
}

/** A class, as millions of them are made: its methods are there once. */
class Mulberry implements SeededDraws {
  #state: number;

  constructor(seed: number, index: number) {
    const state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35);
    this.#state = state ^ (state >>> 15);
  }

  below(bound: number): number {
    return this.#next() % bound;
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value;
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.#next().toString(16).padStart(8, '0');
    return text.length === digits ? text : text.slice(0, digits);
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    const state = this.#state;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}
