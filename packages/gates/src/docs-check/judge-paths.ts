import { posix } from 'node:path';

import { certainName } from './certain-name.js';
import type { Complaint } from './judge-references.js';
import type { LinkReference, PathReference } from './reference.js';
import type { RepositoryView } from './repository-view.js';
import { suggestPath } from './suggest-path.js';

/**
 * A path in backticks counts as one of the repository where its first part is in the root; it may then be
 * meant from the root or from the document's folder.
 */
export function judgePath(
  document: string,
  { paths }: PathReference,
  view: RepositoryView,
): Complaint | undefined {
  const [path = ''] = paths;
  const fromRoot = posix.normalize(path);
  const [first = ''] = fromRoot.split('/');
  if (first === '..' || !view.namesIn('.').has(first)) return undefined;
  if (isLocal(fromRoot, view)) return undefined;
  const folder = posix.dirname(document);
  const isThere = paths.some(
    (each) => exists(each, view) || exists(posix.join(folder, each), view),
  );
  if (isThere) return undefined;
  const meant = suggestPath(withoutSlash(fromRoot), view);
  return {
    rule: 'backticked-path-missing',
    message: `\`${path}\` does not exist`,
    fix: meant === undefined ? null : `Did you mean \`${meant}\`?`,
  };
}

/** A link leads from the document's folder, or from the root where it begins with a slash. */
export function judgeLink(
  document: string,
  link: LinkReference,
  view: RepositoryView,
): Complaint | undefined {
  const path = posix.normalize(resolve(document, link.path));
  if (path === '..' || path.startsWith('../'))
    return pageOfHost.test(path) ? undefined : escapes(link);
  const target = withoutSlash(path);
  const kind = view.kindOf(target);
  if (kind === 'outside') return escapes(link);
  if (kind === 'missing' || (kind === 'file' && path.endsWith('/'))) {
    const isLeft = isPlaceholder(link.path) || (isLocal(path, view) && isNotInGit(target, view));
    return isLeft ? undefined : missing(document, target, link, view);
  }
  return kind === 'file' && link.anchor !== null && isMarkdown(target)
    ? judgeAnchor(target, link.anchor, link, view)
    : undefined;
}

export function isMarkdown(path: string): boolean {
  return /\.(?:md|markdown|mkdn?|mdown)$/i.test(path);
}

function resolve(document: string, path: string): string {
  if (path === '') return document;
  if (path.startsWith('/')) return path.replace(/^\/+/, './');
  return posix.join(posix.dirname(document), path);
}

/** Where documents are shown by GitHub, two folders up are the pages of the repository. */
const pageOfHost =
  /^\.\.\/\.\.\/(?:actions|archive|blame|blob|branches|commits?|compare|deployments|discussions|edit|graphs|issues|labels|milestones?|network|new|packages|pkgs|projects|pulls?|raw|releases|security|settings|stargazers|tags|tree|watchers|wiki)(?:\/|$)/;

function isPlaceholder(path: string): boolean {
  return /[<>{}*$]|\.\.\./.test(path);
}

function exists(path: string, { kindOf }: RepositoryView): boolean {
  const normal = posix.normalize(path);
  if (normal.startsWith('../')) return false;
  const kind = kindOf(withoutSlash(normal));
  return normal.endsWith('/') ? kind === 'folder' : kind === 'file' || kind === 'folder';
}

function isLocal(path: string, { localFolders }: RepositoryView): boolean {
  return localFolders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

/** Whether git knows nothing of the first folder of a path. */
function isNotInGit(path: string, { files }: RepositoryView): boolean {
  const [first = ''] = path.split('/');
  for (const file of files) if (file.startsWith(`${first}/`)) return false;
  return true;
}

function judgeAnchor(
  target: string,
  anchor: string,
  { text }: LinkReference,
  view: RepositoryView,
): Complaint | undefined {
  const anchors = view.anchorsOf(target);
  if (anchors?.has(anchor)) return undefined;
  const meant = certainName(anchor, anchors ?? []);
  return {
    rule: 'anchor-missing',
    message:
      anchors === null
        ? `\`${text}\` leads to a heading of a document that cannot be read`
        : `\`${text}\` leads to a heading that '${target}' does not have`,
    fix: meant === undefined ? null : `Did you mean \`#${meant}\`?`,
  };
}

function missing(
  document: string,
  target: string,
  { text, path }: LinkReference,
  view: RepositoryView,
): Complaint {
  const meant = suggestPath(target, view);
  const way =
    meant === undefined || path.startsWith('/')
      ? meant && `/${meant}`
      : posix.relative(posix.dirname(document), meant);
  return {
    rule: 'link-missing',
    message: `\`${text}\` leads to '${target}', which ${view.kindOf(target) === 'file' ? 'is no folder' : 'does not exist'}`,
    fix: way === undefined ? null : `Did you mean \`${way}\`?`,
  };
}

function escapes({ text }: LinkReference): Complaint {
  return {
    rule: 'link-escapes-root',
    message: `\`${text}\` leads out of the repository`,
    fix: null,
  };
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
