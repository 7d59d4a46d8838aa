import { isAbsolute, relative, resolve, sep } from 'node:path';

import { usageError } from '../../errors.js';
import type { Io } from '../../io.js';

/**
 * Paths as somebody types them, from the folder of the call on, as paths from the root on.
 *
 * @throws CliError `USAGE` for a path that leads out of the root
 */
export function pathsFromRoot(
  typed: readonly string[],
  root: string,
  { cwd }: Pick<Io, 'cwd'>,
): string[] {
  return typed.map((path) => {
    const fromRoot = relative(root, resolve(cwd, path)).split(sep).join('/');
    const isOutside = fromRoot === '..' || fromRoot.startsWith('../') || isAbsolute(fromRoot);
    if (isOutside || fromRoot === '') throw usageError(`\`${path}\` is no file below \`${root}\``);
    return fromRoot;
  });
}
