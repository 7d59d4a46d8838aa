/** Draws from a seed that are the same on every machine and every Node: integers of 32 bits throughout. */
export interface SeededDraws {
  /** A whole number from 0 to below `bound`. */
  readonly below: (bound: number) => number;
  readonly pick: <Value>(values: readonly Value[]) => Value;
  readonly hex: (digits: number) => string;
}

/**
 * Mulberry32, begun anew for each index, so that parts can be made from anywhere and those of a shorter
 * data set are the beginning of a longer one.
 */
export function createDraws(seed: number, index: number): SeededDraws {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35);
  state ^= state >>> 15;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (bound: number): number => next() % bound;
  return {
    below,
    pick: (values) => {
      if (values.length === 0) throw new RangeError('Expected values to pick from, got none');
      return values[below(values.length)] as (typeof values)[number];
    },
    hex: (digits) => {
      let text = '';
      while (text.length < digits) text += next().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
  };
}
