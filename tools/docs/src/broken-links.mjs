import { posix } from 'node:path';

/**
 * Names every relative link whose file does not exist and every anchor whose heading does not.
 * Links to other hosts are not followed.
 *
 * @param {ReadonlyMap<string, string>} documents Markdown text by repository path.
 * @param {ReadonlySet<string>} files Every path of the repository.
 * @returns {string[]}
 */
export function brokenLinks(documents, files) {
  const folders = new Set([...files].flatMap(ancestors));
  return [...documents].flatMap(([path, text]) =>
    links(text).flatMap((link) => {
      const problem = checkLink(link, path);
      return problem === undefined ? [] : [`${path}: ${link}: ${problem}`];
    }),
  );

  /**
   * @param {string} link
   * @param {string} from
   */
  function checkLink(link, from) {
    const [target = '', anchor] = link.split('#');
    const path = target === '' ? from : posix.join(posix.dirname(from), decodeURI(target));
    if (!files.has(path) && !folders.has(path.replace(/\/$/, ''))) return 'no such file';
    const text = documents.get(path);
    if (anchor === undefined || text === undefined) return undefined;
    return anchors(text).has(anchor) ? undefined : 'no such heading';
  }
}

/** @param {string} text */
function links(text) {
  const prose = text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((link) => !/^[a-z]+:/i.test(link));
}

/**
 * GitHub's rule: lower case, punctuation dropped, spaces to hyphens, repeats numbered.
 *
 * @param {string} text
 */
function anchors(text) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  const headings = text.replace(/^```.*?^```/gms, '').matchAll(/^#{1,6}\s+(.+?)\s*$/gm);
  return new Set(
    [...headings].map((match) => {
      const slug = (match[1] ?? '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-');
      const repeat = seen.get(slug) ?? 0;
      seen.set(slug, repeat + 1);
      return repeat === 0 ? slug : `${slug}-${repeat}`;
    }),
  );
}

/** @param {string} path */
function ancestors(path) {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
