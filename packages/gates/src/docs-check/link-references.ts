import type { MarkdownDocument } from '../markdown/markdown-document.js';
import type { LinkReference } from './reference.js';

/** Links and images that lead neither to another host nor to another program. */
export function linkReferences({ links }: MarkdownDocument): LinkReference[] {
  return links.flatMap(({ target, line }) => {
    const bare = target.trim();
    if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(bare)) return [];
    const [, path = '', anchor] = /^([^#?]*)(?:\?[^#]*)?(?:#(.*))?$/s.exec(bare) ?? [];
    return [
      {
        kind: 'link' as const,
        text: bare.replaceAll(/\s+/g, ' '),
        path: decode(path),
        anchor: readAnchor(anchor),
        line,
      },
    ];
  });
}

/**
 * Without what leads nowhere in particular: the top, a line of the source, a text that the browser looks
 * for.
 */
function readAnchor(raw: string | undefined): string | null {
  const anchor = decode(raw ?? '')
    .replace(/:~:.*$/s, '')
    .replace(/^user-content-/, '');
  return anchor === '' || /^(?:top|L\d+(?:C\d+)?(?:-L\d+(?:C\d+)?)?)$/i.test(anchor)
    ? null
    : anchor;
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // A `%` that means itself.
    return text;
  }
}
