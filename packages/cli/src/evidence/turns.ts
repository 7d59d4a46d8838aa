import { createRandom } from '../report-library.js';

/**
 * Who runs when: in every round each side once, in an order of its own, so that what the machine does
 * meanwhile, and who comes first, meets both alike. The same seed gives the same order.
 */
export function takeTurns<Side>(
  sides: readonly Side[],
  { rounds, seed }: { readonly rounds: number; readonly seed: number },
): Side[] {
  const random = createRandom(seed);
  return Array.from({ length: rounds }, () => shuffled(sides, random)).flat();
}

function shuffled<Side>(sides: readonly Side[], random: () => number): Side[] {
  return sides
    .map((side) => ({ side, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ side }) => side);
}
