import { err, ok } from '@codex-orchestrator/core';
import type { Result } from '@codex-orchestrator/core';

import { findingsBounds } from './findings-schema.js';

export interface RepositoryPath {
  readonly path: string;
  /** What stood behind the path, as in `src/a.ts:12-30`. */
  readonly lines?: string;
}

/**
 * A path as agents write it, relative to the root with `/`; the reason where it is none that lies below
 * the root. Absolute ones are only understood where the root is known. It says nothing about what is on
 * disk, links included: whoever opens it has to look again.
 */
export function toRepositoryPath(text: string, root?: string): Result<RepositoryPath, string> {
  const written = text.trim().replaceAll('\\', '/');
  const place = /^(.+?):(\d+(?:-\d+)?)(?::\d+)?$/.exec(written);
  const inside = withoutRoot(place?.[1] ?? written, root?.replaceAll('\\', '/'));
  // eslint-disable-next-line no-control-regex -- no path that anybody means has these
  if (/[\u0000-\u001f\u007f]/.test(inside)) return err('it has control characters');
  if (/^(?:\/|~|[A-Za-z]:)/.test(inside)) return err('it is absolute');
  const segments: string[] = [];
  for (const segment of inside.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      if (segments.pop() === undefined) return err('it leaves the root');
    } else segments.push(segment);
  }
  const path = segments.join('/');
  if (path === '') return err('it names no file');
  if (path.length > findingsBounds.pathCharacters) return err('it is too long');
  return ok({ path, ...(place?.[2] !== undefined && { lines: place[2] }) });
}

function withoutRoot(path: string, root: string | undefined): string {
  const folder = root?.replace(/\/+$/, '');
  if (folder === undefined || folder === '' || !path.startsWith(`${folder}/`)) return path;
  return path.slice(folder.length + 1);
}
