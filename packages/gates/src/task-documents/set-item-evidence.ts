import type { ChecklistItem } from '../tasks/checklist.js';
import { evidenceStart } from '../tasks/evidence-link.js';

/** What is to stand behind an item. */
export interface ItemEvidence {
  /** Path of the manifest, as the document is to have it. */
  readonly target: string;
  /** The end that the run came to. */
  readonly status: string;
}

/**
 * The document with a run as evidence of one item. A link to the same run that is there already is brought up
 * to date; else it is put behind those that are there, at the end of the item's first line. The item is
 * ticked where the run succeeded, and never unticked. All else stays as it is, byte for byte.
 */
export function setItemEvidence(text: string, item: ChecklistItem, evidence: ItemEvidence): string {
  const pieces = text.split(/(\r\n|\n|\r)/);
  // Lines and what ends them take turns.
  const place = (item.line - 1) * 2;
  const known = item.evidence.find(({ target }) => target === evidence.target);
  const at = known ? (known.line - 1) * 2 : place;
  pieces[at] = withLink(pieces[at] ?? '', evidence, known !== undefined);
  if (evidence.status === 'succeeded') pieces[place] = ticked(pieces[place] ?? '');
  return pieces.join('');
}

function withLink(line: string, { target, status }: ItemEvidence, isKnown: boolean): string {
  const words = status === 'succeeded' ? '' : ` (${status})`;
  const link = `\`${target}\``;
  if (isKnown) {
    const start = line.indexOf(link);
    // It is a link in the style of Markdown, which somebody wrote by hand.
    if (start === -1) return line;
    const rest = line.slice(start + link.length).replace(stated, '');
    return `${line.slice(0, start)}${link}${words}${rest}`;
  }
  const trimmed = line.trimEnd();
  const start = evidenceStart(trimmed);
  if (start === undefined) return `${trimmed} Evidence: ${link}${words}`;
  const isFirst = trimmed.slice(start).replace(/[*_\s]/g, '') === '';
  return `${trimmed}${isFirst ? ' ' : ', '}${link}${words}`;
}

const stated = /^[ \t]*\((?:expected failure|(?:status:[ \t]*)?[a-z_]+)\)/i;

function ticked(line: string): string {
  return line.replace(/^((?:[ \t]{0,3}>)*[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)\[ \]/, '$1[x]');
}
