import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { readGitEntry } from '../git-entry.js';

/** Of a repository with more packed names than this, a branch that was not written since is not found. */
const maxPackedBytes = 4 * 1024 * 1024;
const maxSmallBytes = 4096;

/**
 * The commit that a work tree is at, as its files say it: nothing is started for it, and at most four
 * small files are read. Null where there is no repository, no commit yet, or anything that cannot be read.
 */
export function readCommit(root: string): string | null {
  try {
    const place = findRepository(root);
    return place === undefined ? null : commitAt(place);
  } catch {
    return null;
  }
}

interface Repository {
  /** What belongs to this work tree. */
  readonly own: string;
  /** What all work trees of the repository share. */
  readonly shared: string;
}

function findRepository(root: string): Repository | undefined {
  for (let folder = resolve(root); ; folder = dirname(folder)) {
    const entry = readGitEntry(folder);
    if (entry?.kind === 'repository') return { own: entry.path, shared: entry.path };
    if (entry?.kind === 'link') return linkedRepository(entry.path, folder);
    if (folder === dirname(folder)) return undefined;
  }
}

/** Linked work trees share a repository; submodules have one of their own. */
function linkedRepository(path: string, folder: string): Repository | undefined {
  const named = /^gitdir: (.+)$/m.exec(readSmall(path) ?? '')?.[1];
  if (named === undefined) return undefined;
  const own = resolve(folder, named);
  const common = readSmall(join(own, 'commondir'));
  return { own, shared: common === undefined ? own : resolve(own, common) };
}

function commitAt({ own, shared }: Repository): string | null {
  const head = readSmall(join(own, 'HEAD'));
  if (head === undefined) return null;
  const name = /^ref: (refs\/\S+)$/.exec(head)?.[1];
  if (name === undefined) return commitIn(head);
  if (name.split('/').includes('..')) return null;
  const loose = readSmall(join(shared, ...name.split('/')));
  return loose === undefined ? packedCommit(join(shared, 'packed-refs'), name) : commitIn(loose);
}

function packedCommit(path: string, name: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.size > maxPackedBytes) return null;
  const text = readFileSync(path, 'latin1');
  const at = text.indexOf(` ${Buffer.from(name).toString('latin1')}\n`);
  return at === -1 ? null : commitIn(text.slice(text.lastIndexOf('\n', at) + 1, at));
}

/** A digest of either kind that git has. */
function commitIn(text: string): string | null {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? text : null;
}

/** The start of a file without white space around it; undefined where it cannot be read. */
function readSmall(path: string): string | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    const bytes = Buffer.alloc(maxSmallBytes);
    return bytes.toString('utf8', 0, readSync(fd, bytes)).trim();
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
