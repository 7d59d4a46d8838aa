import { inSmallestUnits, nearestNumber } from './exact-ratio.js';

const MICRO = 1_000_000;
const MICRO_BIG = BigInt(MICRO);

/** Below it, no double is nearest to two multiples of a millionth. */
const DECIMAL_LIMIT = 2 ** 30;
const INTEGER_LIMIT = Number.MAX_SAFE_INTEGER;

/** Sums of wholes and millionths up to it are exact when both are put into millionths. */
const JOINABLE_WHOLE = 2 ** 32;
const JOINABLE_MICRO = 2 ** 52;

const SMALLEST_BITS = 1074n;

/**
 * A table of exact sums: they do not depend on the order of what was added, and taking a value away
 * leaves no trace of it. A value counts as the decimal number with at most six places that it is the
 * nearest double to (from 2^30 on only if it is an integer), any other as exactly the double that it is.
 * Values that are not finite are left out.
 */
export class ExactSums {
  /** Two of each sum: its wholes, and its millionths, which may be more than a whole. */
  #cells: Float64Array;
  #size = 0;
  /** What those cannot hold, in units of 2^-1074 millionths. */
  readonly #rests = new Map<number, bigint>();

  constructor(capacity = 8) {
    this.#cells = new Float64Array(2 * capacity);
  }

  /** A new sum, which is 0. */
  allocate(): number {
    const slot = this.#size;
    this.#size += 1;
    if (2 * this.#size > this.#cells.length) {
      const cells = new Float64Array(2 * this.#cells.length + 8);
      cells.set(this.#cells);
      this.#cells = cells;
    }
    return slot;
  }

  add(slot: number, value: number): void {
    if (value === Math.trunc(value)) {
      const sum = (this.#cells[2 * slot] ?? 0) + value;
      if (sum <= INTEGER_LIMIT && sum >= -INTEGER_LIMIT) {
        this.#cells[2 * slot] = sum;
        return;
      }
    } else if (value < DECIMAL_LIMIT && value > -DECIMAL_LIMIT) {
      const micros = Math.round(value * MICRO);
      if (micros / MICRO === value) {
        this.#addMicros(slot, micros);
        return;
      }
    }
    if (Number.isFinite(value)) this.#addToRest(slot, inSmallestUnits(value) * MICRO_BIG);
  }

  subtract(slot: number, value: number): void {
    this.add(slot, -value);
  }

  /** Adds a sum of another table. */
  merge(slot: number, others: ExactSums, otherSlot: number): void {
    this.add(slot, others.#cells[2 * otherSlot] ?? 0);
    this.#addMicros(slot, others.#cells[2 * otherSlot + 1] ?? 0);
    const rest = others.#rests.get(otherSlot);
    if (rest !== undefined) this.#addToRest(slot, rest);
  }

  /** The double that is nearest to the sum; at most the largest one. */
  read(slot: number): number {
    return this.#joined(slot) ?? nearestNumber(this.#units(slot), MICRO_BIG << SMALLEST_BITS);
  }

  /** Rounded to millionths first, halves up. */
  readRounded(slot: number): number {
    const joined = this.#joined(slot);
    if (joined !== undefined) return joined;
    const half = 1n << (SMALLEST_BITS - 1n);
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

  /** @throws when `encode` gives no such thing. */
  decode(value: unknown): number {
    const slot = this.allocate();
    if (typeof value === 'number' && isPlain(value)) this.add(slot, value);
    else if (typeof value === 'string') this.#addToRest(slot, decodeUnits(value));
    else throw new TypeError('Expected an encoded sum');
    return slot;
  }

  #addMicros(slot: number, micros: number): void {
    const at = 2 * slot + 1;
    let sum = (this.#cells[at] ?? 0) + micros;
    if (sum > JOINABLE_MICRO || sum < -JOINABLE_MICRO) {
      // Two numbers of this size add up exactly, and so do the parts that go over.
      const wholes = Math.trunc(sum / MICRO);
      sum -= wholes * MICRO;
      this.add(slot, wholes);
    }
    this.#cells[at] = sum;
  }

  #addToRest(slot: number, units: bigint): void {
    const rest = (this.#rests.get(slot) ?? 0n) + units;
    if (rest === 0n) this.#rests.delete(slot);
    else this.#rests.set(slot, rest);
  }

  /** The nearest double, as long as no big numbers are needed to tell it. */
  #joined(slot: number): number | undefined {
    if (this.#rests.has(slot)) return undefined;
    const wholes = this.#cells[2 * slot] ?? 0;
    const micros = this.#cells[2 * slot + 1] ?? 0;
    // `+ 0` turns the negative zero into the other one.
    if (micros === 0) return wholes + 0;
    if (wholes > JOINABLE_WHOLE || wholes < -JOINABLE_WHOLE) return undefined;
    return (wholes * MICRO + micros) / MICRO + 0;
  }

  #units(slot: number): bigint {
    const wholes = BigInt(this.#cells[2 * slot] ?? 0);
    const micros = BigInt(this.#cells[2 * slot + 1] ?? 0);
    return ((wholes * MICRO_BIG + micros) << SMALLEST_BITS) + (this.#rests.get(slot) ?? 0n);
  }
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
  const [, sign, digits, shift] = /^(-?)(0x[0-9a-f]+)p(\d{1,5})$/.exec(text) ?? [];
  if (digits === undefined) return BigInt(text) << SMALLEST_BITS;
  const units = BigInt(digits) << BigInt(shift ?? 0);
  return sign === '-' ? -units : units;
}
