import { isAbsolute, relative, resolve, sep } from 'node:path';

import { findLocation } from '../render/source-location.js';

/** Where in the repository a root cause lies; the file is relative to the root, with `/`. */
export interface RepositoryLocation {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

/** The place that a root cause names, if it is one inside the repository. */
export function locateCause(
  rootCause: string | null,
  root: string,
): RepositoryLocation | undefined {
  const location = rootCause === null ? null : findLocation(rootCause);
  if (location === null) return undefined;
  const file = relative(root, resolve(root, location.file));
  if (file === '' || file === '..' || file.startsWith(`..${sep}`) || isAbsolute(file))
    return undefined;
  const { line, column } = location;
  return { file: file.split(sep).join('/'), line, ...(column === null ? {} : { column }) };
}
