import { posix } from 'node:path';

import { certainName } from './certain-name.js';
import type { RepositoryView } from './repository-view.js';

/**
 * The path that one that does not exist was most likely meant to be: with one name of it spelt otherwise,
 * or that of the only file with its name. Undefined where that is not certain.
 */
export function suggestPath(path: string, view: RepositoryView): string | undefined {
  return respell(path, view) ?? findMoved(path, view);
}

function respell(path: string, { kindOf, namesIn }: RepositoryView): string | undefined {
  if (path.length > maxLength) return undefined;
  const names = path.split('/');
  const known = names.findIndex((_, index) => kindOf(join(names, index + 1)) === 'missing');
  const folder = join(names, known);
  if (known < 0 || kindOf(folder) !== 'folder') return undefined;
  const name = certainName(names[known] ?? '', namesIn(folder));
  if (name === undefined) return undefined;
  const meant = posix.join(folder, name, ...names.slice(known + 1));
  return kindOf(meant) === 'missing' ? undefined : meant;
}

/** Longer ones nobody mistypes. */
const maxLength = 512;

function join(names: readonly string[], count: number): string {
  return names.slice(0, count).join('/') || '.';
}

function findMoved(path: string, { files }: RepositoryView): string | undefined {
  const name = posix.basename(path);
  // Such names are in every second folder, and the only one is not therefore the right one.
  if (!name.includes('.') || /^(?:readme|index|package|license|changelog)\b/i.test(name))
    return undefined;
  const end = `/${name}`;
  let found: string | undefined;
  for (const file of files) {
    if (file !== name && !file.endsWith(end)) continue;
    if (found !== undefined) return undefined;
    found = file;
  }
  return found;
}
