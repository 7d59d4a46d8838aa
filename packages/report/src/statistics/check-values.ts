import { ReportError } from '../errors.js';

/**
 * Lets only values through that can be computed with.
 *
 * @throws ReportError `SAMPLES_EMPTY`, or `SAMPLES_INVALID` where a value is no finite number.
 */
export function checkValues(what: string, values: readonly number[]): void {
  if (values.length === 0) {
    throw new ReportError('SAMPLES_EMPTY', `Cannot compute the ${what} of no values`);
  }
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at !== -1) {
    throw new ReportError(
      'SAMPLES_INVALID',
      `Cannot compute the ${what}: value ${at} is ${String(values[at])}, not a finite number`,
    );
  }
}

/** @throws ReportError `INVALID_OPTION` where the number is not strictly between 0 and 1. */
export function checkLevel(name: string, level: number): void {
  if (!(level > 0 && level < 1)) {
    throw new ReportError(
      'INVALID_OPTION',
      `Expected \`${name}\` to be between 0 and 1, got ${String(level)}`,
    );
  }
}

/** @throws ReportError `INVALID_OPTION` where the number is no integer from `minimum` up. */
export function checkCount(name: string, count: number, minimum: number): void {
  if (!Number.isSafeInteger(count) || count < minimum) {
    throw new ReportError(
      'INVALID_OPTION',
      `Expected \`${name}\` to be an integer of at least ${minimum}, got ${String(count)}`,
    );
  }
}
