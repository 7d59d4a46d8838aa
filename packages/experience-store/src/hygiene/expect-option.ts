import { ExperienceError } from '../errors.js';

/** @throws ExperienceError `INVALID_OPTION` unless the value is a whole number or `Infinity`. */
export function expectWholeNumber(name: string, value: number, min: number): void {
  if (value === Infinity || (Number.isSafeInteger(value) && value >= min)) return;
  const message = `Expected the \`${name}\` option to be a whole number from ${min} on, got \`${String(value)}\``;
  throw new ExperienceError('INVALID_OPTION', message);
}
