/**
 * What a list of needs comes to where some only stand for others: each of those is replaced by what it stands
 * for, however far that goes.
 *
 * @param standsFor What a need stands for; undefined where it stands for itself.
 * @returns Those that stand for themselves, without repeats.
 */
export function lookThrough(
  needs: readonly string[],
  standsFor: (need: string) => readonly string[] | undefined,
): readonly string[] {
  const found = new Set(needs);
  const through: string[] = [];
  // What is added on the way is come to as well.
  for (const need of found) {
    const others = standsFor(need);
    if (others === undefined) through.push(need);
    else others.forEach((other) => found.add(other));
  }
  return through;
}
