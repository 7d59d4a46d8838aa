/** What is cut to less says nothing any more. */
const minShare = 400;

/**
 * How much of each part there is room for: the biggest ones are cut first, to the same size. Where that
 * would be too little to read, the biggest ones are left out as a whole. Pure.
 */
export function shareRoom(sizes: readonly number[], room: number): number[] {
  const level = levelOf(sizes, room);
  if (level >= minShare) return sizes.map((size) => Math.min(size, level));
  const shares = sizes.map(() => 0);
  let left = room;
  const smallestFirst = [...sizes.entries()].sort(([, one], [, other]) => one - other);
  for (const [index, size] of smallestFirst) {
    if (size > left) break;
    shares[index] = size;
    left -= size;
  }
  return shares;
}

/** The size that parts are cut to so that all have room together; infinite where none has to be. */
export function levelOf(sizes: readonly number[], room: number): number {
  const smallestFirst = [...sizes].sort((one, other) => one - other);
  let left = room;
  for (const [index, size] of smallestFirst.entries()) {
    const share = Math.floor(left / (sizes.length - index));
    if (size > share) return Math.max(0, share);
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}
