/**
 * Numbers from a seed, the same on every machine (mulberry32). The seed is printed, so that a case that
 * failed can be tried again.
 *
 * @param {number} seed
 * @returns {() => number} At least 0, less than 1.
 */
export function createRandom(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
