import { ExecError } from './errors.js';

/** @throws ExecError `INVALID_OPTION` */
export function requireNumber(
  name: string,
  value: number,
  expected: string,
  isValid: (value: number) => boolean,
): void {
  if (typeof value === 'number' && isValid(value)) return;
  const got = `\`${String(value)}\` (${typeof value})`;
  throw new ExecError(
    'INVALID_OPTION',
    `Expected the \`${name}\` option to be ${expected}, got ${got}`,
  );
}
