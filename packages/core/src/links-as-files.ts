import type { Dirent, readdir } from 'node:fs';

import { nodeFs } from './node-modules.js';

/**
 * A `readdir` for searches by globs that are not to follow symlinks: those leave them out, unless they look
 * like files. Whoever opens what was found has to look whether it is a link.
 */
export const readdirWithLinksAsFiles = ((
  path: string,
  options: { readonly withFileTypes: true },
  done: (error: Error | null, entries: Dirent[]) => void,
) => {
  nodeFs.readdir(path, options, (error, entries) => {
    done(error, error === null ? entries.map(asFile) : entries);
  });
}) as typeof readdir;

function asFile(entry: Dirent): Dirent {
  if (!entry.isSymbolicLink()) return entry;
  return Object.assign(Object.create(entry) as Dirent, {
    isFile: () => true,
    isSymbolicLink: () => false,
  });
}
