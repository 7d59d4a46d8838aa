import { join } from 'node:path';

import { isTempName, messageOf } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

/** Something in a run's folder that is no folder itself. */
export type RunFile = {
  /** Relative to the run's folder, with `/`. */
  readonly path: string;
} & (
  | { readonly kind: 'known' }
  | { readonly kind: 'file'; readonly bytes: number }
  | { readonly kind: 'other' }
  | { readonly kind: 'unreadable'; readonly reason: string }
);

/** What the record itself consists of. */
const recordFiles: ReadonlySet<string> = new Set([
  'manifest.json',
  'runner.ndjson',
  '.resume-token',
  'signature.json',
]);

/**
 * What lies in a run's folder but the record itself and temp files, by name. Symlinks are not
 * followed, and what is among the `known` is not even looked at. A part that cannot be looked at is
 * named as unreadable.
 */
export function* runFiles(
  runDir: string,
  { fs, known }: { readonly fs: FileSystem; readonly known: ReadonlySet<string> },
): Generator<RunFile> {
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    let names: string[];
    try {
      names = fs.readdir(join(runDir, folder)).sort();
    } catch (error) {
      yield { path: folder || '.', kind: 'unreadable', reason: messageOf(error) };
      continue;
    }
    for (const name of names) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (recordFiles.has(path) || isTempName(name)) continue;
      const file = look(runDir, path, { fs, known });
      if (file === 'folder') folders.push(path);
      else yield file;
    }
  }
}

function look(
  runDir: string,
  path: string,
  { fs, known }: { readonly fs: FileSystem; readonly known: ReadonlySet<string> },
): RunFile | 'folder' {
  if (known.has(path)) return { path, kind: 'known' };
  try {
    const stats = fs.lstat(join(runDir, path));
    if (stats.isDirectory()) return 'folder';
    return stats.isFile() ? { path, kind: 'file', bytes: stats.size } : { path, kind: 'other' };
  } catch (error) {
    return { path, kind: 'unreadable', reason: messageOf(error) };
  }
}
