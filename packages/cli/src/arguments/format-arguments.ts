import { toKebabCase } from './flags.js';

/**
 * The arguments that mean these flags and words: reading them back gives the same. Every value stands
 * in the same word as its flag, so none can be taken for a flag itself.
 */
export function formatArguments(
  command: string,
  flags: Readonly<Record<string, boolean | number | string | undefined>>,
  positionals: readonly string[],
): string[] {
  const words = Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [formatFlag(toKebabCase(name), value)],
  );
  return [command, ...words, ...(positionals.length === 0 ? [] : ['--', ...positionals])];
}

function formatFlag(name: string, value: boolean | number | string): string {
  return typeof value === 'boolean' ? `--${value ? '' : 'no-'}${name}` : `--${name}=${value}`;
}
