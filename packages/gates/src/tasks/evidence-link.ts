/** A place that a document gives as evidence. */
export interface EvidenceLink {
  /** As the document has it, without an anchor or the number of a line. */
  readonly target: string;
  /** Where a relative target begins: at the root, or at the folder of the document. */
  readonly from: 'document' | 'root';
  /** What the document says of the run in parentheses behind the link; null where it says nothing. */
  readonly stated: string | null;
  /** From 1. */
  readonly line: number;
}

/**
 * The evidence in a piece of text behind `Evidence:`: paths between backticks, which begin at the root, and
 * targets of Markdown links, which begin at the document. Behind each there may be `(failed)`,
 * `(expected failure)` or `(status: <status>)`. Whatever else stands there is prose.
 */
export function evidenceLinksIn(text: string, line: number): EvidenceLink[] {
  const links: EvidenceLink[] = [];
  for (const match of text.matchAll(references)) {
    const [whole, code, link] = match;
    const from = code === undefined ? 'document' : 'root';
    const target = code === undefined ? linkTarget(link ?? '') : codeTarget(code);
    if (target === undefined) continue;
    const stated = statedIn(
      text.slice(match.index + whole.length, match.index + whole.length + 64),
    );
    links.push({ target, from, stated, line });
  }
  return links;
}

/** Where evidence begins in a line: the index behind `Evidence:`; undefined where it does not. */
export function evidenceStart(text: string): number | undefined {
  const match = /\bevidence(?:\*\*|__)?:/i.exec(text);
  return match ? match.index + match[0].length : undefined;
}

/** Every part stops at the character that could begin it anew, so that no text takes long. */
const references = /`([^`]+)`|\[[^\][]*\]\(<?([^()<>\s]+)>?(?:\s+"[^"()]*")?\)/g;

/** A path names a file by its extension, or says by its beginning that it is one. */
function codeTarget(code: string): string | undefined {
  const text = code.trim();
  if (/\s/.test(text) || isAddress(text)) return undefined;
  const path = text.replace(/#.*$/, '').replace(/:\d+(?:-\d+)?$/, '');
  const isPath = /^(?:\.{0,2}[/\\]|\.[A-Za-z]|out\/|~\/|[A-Za-z]:[/\\])/.test(path);
  const isFile = /\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(path) && /[/\\]/.test(path);
  return isPath || isFile ? path : undefined;
}

function linkTarget(target: string): string | undefined {
  if (isAddress(target) || target.startsWith('#')) return undefined;
  const [path = ''] = target.split('#');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function isAddress(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]+:/.test(text);
}

function statedIn(behind: string): string | null {
  const said = /^[ \t]*\(([^()]*)\)/.exec(behind)?.[1]?.trim().toLowerCase();
  if (said === undefined) return null;
  if (said === 'expected failure') return 'failed';
  const status = /^(?:status:[ \t]*)?([a-z_]+)$/.exec(said)?.[1];
  return status !== undefined && statuses.has(status) ? status : null;
}

const statuses: ReadonlySet<string> = new Set([
  ...['succeeded', 'failed', 'cancelled', 'timed_out', 'interrupted', 'in_progress', 'queued'],
]);
