const SMALLEST_BITS = 1074;

/** Bits of a quotient that are enough to round it to a double, with some to spare. */
const QUOTIENT_BITS = 60;

/**
 * The double that is nearest to a quotient (halves to the even one); beyond the largest double, the
 * largest one.
 */
export function nearestNumber(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0;
  if (numerator < 0n) return -nearestNumber(-numerator, denominator);
  // Not finer than half of the smallest double, or what is subnormal would be rounded twice.
  const shift = Math.min(
    QUOTIENT_BITS + bitLength(denominator) - bitLength(numerator),
    SMALLEST_BITS + 1,
  );
  const scaled = shift > 0 ? numerator << BigInt(shift) : numerator;
  const divisor = shift < 0 ? denominator << BigInt(-shift) : denominator;
  const quotient = scaled / divisor;
  // The last bit tells that something lies below it, so that the one rounding to come breaks ties right.
  const sticky = scaled % divisor === 0n ? 0n : 1n;
  return Math.min(scaledBy((quotient << 1n) | sticky, -shift - 1), Number.MAX_VALUE);
}

/** The double that is nearest to `digits * 2^exponent`. */
function scaledBy(digits: bigint, exponent: number): number {
  const number = Number(digits);
  // 2^exponent itself may lie below the smallest double: the first step is exact, the second one rounds.
  return exponent < -1000 ? number * 2 ** -900 * 2 ** (exponent + 900) : number * 2 ** exponent;
}

/** Of a positive number; up to three too many. */
function bitLength(value: bigint): number {
  return value.toString(16).length * 4;
}

const bits = new DataView(new ArrayBuffer(8));

/** A finite double in units of 2^-1074, of which every finite double is a whole number. */
export function inSmallestUnits(value: number): bigint {
  bits.setFloat64(0, value);
  const high = bits.getUint32(0);
  const exponent = (high >>> 20) & 0x7ff;
  const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(bits.getUint32(4));
  const magnitude = exponent === 0 ? fraction : (fraction | (1n << 52n)) << BigInt(exponent - 1);
  return value < 0 ? -magnitude : magnitude;
}
