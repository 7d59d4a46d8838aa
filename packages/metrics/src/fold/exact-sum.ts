import { inSmallestUnits, nearestNumber } from './exact-ratio.js';

const MICRO = 1_000_000;
const MICRO_BIG = BigInt(MICRO);

/** Below it, no double is nearest to two multiples of a millionth. */
const DECIMAL_LIMIT = 2 ** 30;
const INTEGER_LIMIT = Number.MAX_SAFE_INTEGER;

/** Wholes and millionths up to these are put together without big numbers. */
const JOINABLE_WHOLE = 2 ** 32;
const JOINABLE_UNITS = 2 ** 52;

/** Bits behind the point that the two cells of a fraction hold. */
const COARSE_BITS = 32;
const FINE_BITS = 40;
const COARSE = 2 ** COARSE_BITS;
const FINE = 2 ** FINE_BITS;

const SMALLEST_BITS = 1074n;

/** Cells of one sum in each of the two arrays. */
const CELLS = 2;

/** How many of the smallest units, which are 2^-1074 millionths, one unit of a cell has. */
const WHOLE_UNITS = MICRO_BIG << SMALLEST_BITS;
const MICRO_UNITS = 1n << SMALLEST_BITS;
const COARSE_UNITS = WHOLE_UNITS >> BigInt(COARSE_BITS);
const FINE_UNITS = COARSE_UNITS >> BigInt(FINE_BITS);

/** Shared by all tables that have no such parts. */
const none = new Float64Array(0);

/**
 * A table of exact sums: they do not depend on the order of what was added, and taking a value away
 * leaves no trace of it. A value counts as the decimal number with at most six places that it is the
 * nearest double to (from 2^30 on only if it is an integer), any other as exactly the double that it is.
 * Values that are not finite are left out.
 */
export class ExactSums {
  /** Wholes and millionths, each a whole number. */
  #decimals: Float64Array;
  /** Coarse and fine parts of fractions that are no millionths; empty until there are some. */
  #binaries = none;
  /** What the cells cannot hold, in smallest units. */
  #rests: Map<number, bigint> | undefined;
  #size: number;

  /** With so many sums, which are 0. */
  constructor(size: number) {
    this.#size = size;
    this.#decimals = new Float64Array(CELLS * size);
  }

  /** A new sum, which is 0. */
  allocate(): number {
    const slot = this.#size;
    this.#size += 1;
    if (CELLS * this.#size > this.#decimals.length) {
      this.#decimals = grown(this.#decimals, 2 * CELLS * this.#size);
    }
    return slot;
  }

  /** What almost all values are, whole numbers and decimals, takes no other call. */
  add(slot: number, value: number): void {
    const cells = this.#decimals;
    const at = CELLS * slot;
    if (Math.trunc(value) === value) {
      const sum = (cells[at] ?? 0) + value;
      if (sum <= INTEGER_LIMIT && sum >= -INTEGER_LIMIT) {
        cells[at] = sum;
        return;
      }
    } else if (value < DECIMAL_LIMIT && value > -DECIMAL_LIMIT) {
      const micros = Math.round(value * MICRO);
      if (micros / MICRO === value) {
        const sum = (cells[at + 1] ?? 0) + micros;
        if (sum <= JOINABLE_UNITS && sum >= -JOINABLE_UNITS) {
          cells[at + 1] = sum;
          return;
        }
      }
    }
    this.#addRare(slot, value);
  }

  /** Adds as many values to as many sums from `slot` on. */
  addAll(slot: number, values: Float64Array): void {
    for (let at = 0; at < values.length; at += 1) this.add(slot + at, values[at] ?? 0);
  }

  subtract(slot: number, value: number): void {
    this.add(slot, -value);
  }

  /** Adds a sum of another table. */
  merge(slot: number, others: ExactSums, otherSlot: number): void {
    const at = CELLS * otherSlot;
    this.#addWhole(slot, others.#decimals[at] ?? 0);
    this.#addMicros(slot, others.#decimals[at + 1] ?? 0);
    this.#addBinary(slot, others.#binaries[at] ?? 0, others.#binaries[at + 1] ?? 0);
    this.#addToRest(slot, others.#rests?.get(otherSlot) ?? 0n);
  }

  /** The double that is nearest to the sum; at most the largest one. */
  read(slot: number): number {
    return this.#joined(slot) ?? nearestNumber(this.#units(slot), WHOLE_UNITS);
  }

  /** Rounded to millionths first, halves up. */
  readRounded(slot: number): number {
    const joined = this.#joined(slot);
    if (joined !== undefined) return joined;
    const half = MICRO_UNITS >> 1n;
    return nearestNumber((this.#units(slot) + half) >> SMALLEST_BITS, MICRO_BIG);
  }

  /** The same for the same sum, however it came about: a number where `add` of it would give this sum. */
  encode(slot: number): number | string {
    const joined = this.#joined(slot);
    if (joined !== undefined && isPlain(joined)) return joined;
    const units = this.#units(slot);
    const micros = units >> SMALLEST_BITS;
    if (micros << SMALLEST_BITS !== units) return encodeOdd(units);
    const number = nearestNumber(micros, MICRO_BIG);
    return isPlain(number) && toMicros(number) === micros ? number : String(micros);
  }

  /** Adds an encoded sum. @throws anything at all when `encode` gives no such thing. */
  addEncoded(slot: number, value: unknown): void {
    if (typeof value === 'number' && isPlain(value)) this.add(slot, value);
    else if (typeof value === 'string') this.#addToRest(slot, decodeUnits(value));
    else throw new TypeError('Expected an encoded sum');
  }

  #addWhole(slot: number, value: number): void {
    const at = CELLS * slot;
    const sum = (this.#decimals[at] ?? 0) + value;
    if (sum <= INTEGER_LIMIT && sum >= -INTEGER_LIMIT) this.#decimals[at] = sum;
    else this.#addAnything(slot, value);
  }

  #addRare(slot: number, value: number): void {
    if (Math.trunc(value) === value) this.#addAnything(slot, value);
    else if (isPlain(value)) this.#addMicros(slot, Math.round(value * MICRO));
    else this.#addFraction(slot, value);
  }

  /** One that is no decimal. */
  #addFraction(slot: number, value: number): void {
    const whole = Math.trunc(value);
    const scaled = (value - whole) * COARSE;
    const coarse = Math.trunc(scaled);
    const fine = (scaled - coarse) * FINE;
    if (Math.trunc(fine) === fine) {
      this.#addWhole(slot, whole);
      this.#addBinary(slot, coarse, fine);
    } else {
      this.#addAnything(slot, value);
    }
  }

  #addMicros(slot: number, micros: number): void {
    const at = CELLS * slot + 1;
    const sum = (this.#decimals[at] ?? 0) + micros;
    if (isJoinable(sum)) {
      this.#decimals[at] = sum;
    } else {
      this.#decimals[at] = 0;
      this.#addToRest(slot, BigInt(sum) * MICRO_UNITS);
    }
  }

  #addBinary(slot: number, coarse: number, fine: number): void {
    if (coarse === 0 && fine === 0) return;
    const at = CELLS * slot;
    if (at >= this.#binaries.length) this.#binaries = grown(this.#binaries, this.#decimals.length);
    const coarseSum = (this.#binaries[at] ?? 0) + coarse;
    const fineSum = (this.#binaries[at + 1] ?? 0) + fine;
    const fits = isJoinable(coarseSum) && isJoinable(fineSum);
    this.#binaries[at] = fits ? coarseSum : 0;
    this.#binaries[at + 1] = fits ? fineSum : 0;
    if (fits) return;
    this.#addToRest(slot, BigInt(coarseSum) * COARSE_UNITS + BigInt(fineSum) * FINE_UNITS);
  }

  #addAnything(slot: number, value: number): void {
    if (Number.isFinite(value)) this.#addToRest(slot, inSmallestUnits(value) * MICRO_BIG);
  }

  #addToRest(slot: number, units: bigint): void {
    if (units === 0n) return;
    this.#rests ??= new Map();
    const rest = (this.#rests.get(slot) ?? 0n) + units;
    if (rest === 0n) this.#rests.delete(slot);
    else this.#rests.set(slot, rest);
  }

  /** The nearest double, as long as no big numbers are needed to tell it. */
  #joined(slot: number): number | undefined {
    const at = CELLS * slot;
    if ((this.#binaries[at] ?? 0) !== 0 || (this.#binaries[at + 1] ?? 0) !== 0) return undefined;
    if (this.#rests?.has(slot) === true) return undefined;
    const wholes = this.#decimals[at] ?? 0;
    const micros = this.#decimals[at + 1] ?? 0;
    // `+ 0` turns the negative zero into the other one.
    if (micros === 0) return wholes + 0;
    if (wholes > JOINABLE_WHOLE || wholes < -JOINABLE_WHOLE) return undefined;
    return (wholes * MICRO + micros) / MICRO + 0;
  }

  #units(slot: number): bigint {
    const at = CELLS * slot;
    return (
      BigInt(this.#decimals[at] ?? 0) * WHOLE_UNITS +
      BigInt(this.#decimals[at + 1] ?? 0) * MICRO_UNITS +
      BigInt(this.#binaries[at] ?? 0) * COARSE_UNITS +
      BigInt(this.#binaries[at + 1] ?? 0) * FINE_UNITS +
      (this.#rests?.get(slot) ?? 0n)
    );
  }
}

function grown(cells: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(cells);
  return larger;
}

/** Whether two such numbers can be added without loss. */
function isJoinable(units: number): boolean {
  return units <= JOINABLE_UNITS && units >= -JOINABLE_UNITS;
}

/** Whether `add` takes it for a decimal number. */
function isPlain(value: number): boolean {
  if (Number.isSafeInteger(value)) return true;
  if (value >= DECIMAL_LIMIT || value <= -DECIMAL_LIMIT) return false;
  return Math.round(value * MICRO) / MICRO === value;
}

/** Of what is plain. */
function toMicros(value: number): bigint {
  return Number.isSafeInteger(value)
    ? BigInt(value) * MICRO_BIG
    : BigInt(Math.round(value * MICRO));
}

function encodeOdd(units: bigint): string {
  const lowest = units & -units;
  const shift = lowest.toString(2).length - 1;
  const odd = units >> BigInt(shift);
  return `${odd < 0n ? '-' : ''}0x${(odd < 0n ? -odd : odd).toString(16)}p${shift}`;
}

function decodeUnits(text: string): bigint {
  if (/^-?\d+$/.test(text)) return BigInt(text) << SMALLEST_BITS;
  const [, sign, digits, shift] = /^(-?)(0x[0-9a-f]+)p(\d{1,4})$/.exec(text) ?? [];
  if (digits === undefined) throw new TypeError('Expected an encoded sum');
  const units = BigInt(digits) << BigInt(shift ?? 0);
  return sign === '-' ? -units : units;
}
