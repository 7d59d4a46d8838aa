/** One opening tag of HTML. */
export interface HtmlTag {
  /** In lower case. */
  readonly name: string;
  /** Attributes with a value, by their names in lower case. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Where it begins. */
  readonly start: number;
  /** Behind its `>`. */
  readonly end: number;
}

/** All opening tags. Comments are to be blanked before. */
export function htmlTags(html: string): HtmlTag[] {
  return [...html.matchAll(openingTag)].map((match) => ({
    name: (match[1] ?? '').toLowerCase(),
    attributes: readAttributes(match[2] ?? ''),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** The text with nothing but its line breaks where comments are; one without an end reaches to the end. */
export function blankComments(html: string): string {
  let start = html.indexOf('<!--');
  if (start < 0) return html;
  const kept: string[] = [];
  let end = 0;
  while (start >= 0) {
    kept.push(html.slice(end, start));
    // `<!-->` is a whole comment.
    const close = html.indexOf('-->', start + 2);
    end = close < 0 ? html.length : close + 3;
    kept.push(html.slice(start, end).replaceAll(/[^\n]+/g, ' '));
    start = html.indexOf('<!--', end);
  }
  return [...kept, html.slice(end)].join('');
}

// No two parts of it can match the same characters: it fails in as many steps as it has read.
const openingTag =
  /<([a-z][a-z\d-]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*\/?>/gi;
const attribute = /([^\s"'<>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))/g;

function readAttributes(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(attribute)].map(([, name = '', double, single, bare = '']) => [
      name.toLowerCase(),
      unescapeHtml(double ?? single ?? bare),
    ]),
  );
}

/** Addresses hold no other entity often enough. */
function unescapeHtml(text: string): string {
  return text.replaceAll('&amp;', '&');
}
