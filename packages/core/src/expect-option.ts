import { CoreError } from './errors.js';

/** @throws CoreError `INVALID_OPTION` unless the value is an integer (or Infinity) from `min` up. */
export function expectCount(name: string, value: number, min: number): void {
  if ((Number.isSafeInteger(value) || value === Infinity) && value >= min) return;
  const message = `Expected the \`${name}\` option to be an integer from ${min} up, got \`${value}\``;
  throw new CoreError('INVALID_OPTION', message);
}
