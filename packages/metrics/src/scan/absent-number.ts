/* NaN stands for a number that is not there. */

/** Null where there is no finite number. */
export function orNull(value = Number.NaN): number | null {
  return Number.isNaN(value) ? null : value;
}

/** Zero where there is no finite number. */
export function orZero(value = Number.NaN): number {
  return Number.isNaN(value) ? 0 : value;
}
