/**
 * The median of as many values as there are, drawn with replacement from values in ascending order.
 *
 * It draws the places of the middle values directly, from the distribution that they have among so many
 * random places, so that a resample costs the same for ten values and for a million.
 */
export function resampledMedian(sorted: readonly number[], random: () => number): number {
  const count = sorted.length;
  const below = Math.ceil(count / 2);
  const place = betaOf(below, count - below + 1, random);
  const lower = valueAt(sorted, place);
  if (count % 2 === 1) return lower;
  // The next place in order is the smallest of those that are left above.
  const next = 1 - (1 - place) * Math.exp(Math.log(1 - random()) / (count - below));
  return (lower + valueAt(sorted, next)) / 2;
}

function valueAt(sorted: readonly number[], place: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(place * sorted.length))] ?? Number.NaN;
}

/** A number that is distributed as the `a`-th smallest of `a + b - 1` numbers from 0 to 1. */
function betaOf(a: number, b: number, random: () => number): number {
  const x = gammaOf(a, random);
  return x / (x + gammaOf(b, random));
}

/** A number from the gamma distribution of a shape of at least 1, by the method of Marsaglia and Tsang. */
function gammaOf(shape: number, random: () => number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** A number from the standard normal distribution, by the polar method. */
function normal(random: () => number): number {
  for (;;) {
    const x = 2 * random() - 1;
    const y = 2 * random() - 1;
    const radius = x * x + y * y;
    if (radius > 0 && radius < 1) return x * Math.sqrt((-2 * Math.log(radius)) / radius);
  }
}
