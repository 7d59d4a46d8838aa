/** Places behind the point that hold any double and any millionth exactly. */
const PLACES = 1100;
const ONE = 10n ** BigInt(PLACES);

/**
 * What a value counts as, in units of 10^-1100: the decimal number that it prints as where that has at
 * most six places (only below 2^30 unless it is an integer), otherwise exactly the double that it is.
 */
export function unitsOf(value: number): bigint {
  const text = String(value);
  if (/^-?\d+\.\d{1,6}$/.test(text) && Math.abs(value) < 2 ** 30) {
    const [whole = '', places = ''] = text.split('.');
    return (BigInt(whole + places) * ONE) / 10n ** BigInt(places.length);
  }
  let double = value;
  let denominator = 1n;
  while (!Number.isInteger(double)) {
    double *= 2;
    denominator *= 2n;
  }
  return (BigInt(double) * ONE) / denominator;
}

/** The nearest double. Reading a number is where the engine rounds, so nothing here has to. */
export function numberOf(units: bigint): number {
  const number = Number(`${units}e-${PLACES}`);
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, number)) + 0;
}

/** Rounded to millionths first, halves up. */
export function roundedNumberOf(units: bigint): number {
  const micro = ONE / 1_000_000n;
  const shifted = units + micro / 2n;
  const rest = ((shifted % micro) + micro) % micro;
  return numberOf(shifted - rest);
}

export function sumOf(values: readonly number[]): number {
  return numberOf(totalOf(values));
}

export function roundedSumOf(values: readonly number[]): number {
  return roundedNumberOf(totalOf(values));
}

export function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : sumOf(values) / values.length;
}

function totalOf(values: readonly number[]): bigint {
  let total = 0n;
  for (const value of values) total += unitsOf(value);
  return total;
}
