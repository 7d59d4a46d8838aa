import { withPlainBreaks } from './line-breaks.js';

export interface ChecklistBody {
  /** What follows the heading `## Checklist`, with plain line breaks and without blank lines around it. */
  readonly text: string;
  /** The same with headings from the third level on one level higher. */
  readonly promoted: string;
}

/**
 * The part of a checklist that is mirrored: all behind the heading `## Checklist`, or behind the title where
 * there is no such heading. A block of code or a comment that is not closed is closed at the end, so that
 * the text can stand in another document; what is in blocks of code counts as no heading.
 */
export function readChecklistBody(checklist: string): ChecklistBody {
  const lines = withPlainBreaks(checklist.replace(/^\uFEFF/, '')).split('\n');
  const walked = walk(lines);
  const isHeading = (at: number): boolean => !walked[at]?.isCode;
  const heading = lines.findIndex((line, at) => /^## +Checklist\s*$/.test(line) && isHeading(at));
  const title = lines.findIndex((line, at) => line.startsWith('# ') && isHeading(at));
  const start = (heading === -1 ? title : heading) + 1;
  const body = lines.slice(start);
  const bodyWalk = walk(body);
  const open = bodyWalk.at(-1)?.leavesOpen ?? '';
  const promoted = body.map((line, at) =>
    bodyWalk[at]?.isCode ? line : line.replace(/^#(##{1,4} )/, '$1'),
  );
  return { text: finish(body, open), promoted: finish(promoted, open) };
}

function finish(lines: readonly string[], open: string): string {
  const text = lines
    .join('\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
  return open === '' ? text : `${text}\n${open}`;
}

interface WalkedLine {
  /** Whether it stands in a block of code, the lines around that included. */
  readonly isCode: boolean;
  /** What would close what is open behind it; empty where nothing is. */
  readonly leavesOpen: string;
}

function walk(lines: readonly string[]): WalkedLine[] {
  let fence = '';
  let isComment = false;
  return lines.map((line) => {
    const wasFence = fence;
    if (fence !== '') {
      if (closes(line, fence)) fence = '';
    } else {
      if (!isComment) fence = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1] ?? '';
      if (fence === '') isComment = isOpenComment(line, isComment);
    }
    return {
      isCode: wasFence !== '' || fence !== '',
      leavesOpen: fence || (isComment ? '-->' : ''),
    };
  });
}

function closes(line: string, fence: string): boolean {
  const mark = line.trim();
  return mark.length >= fence.length && mark === (fence[0] ?? '').repeat(mark.length);
}

function isOpenComment(line: string, wasOpen: boolean): boolean {
  const opened = line.lastIndexOf('<!--');
  const closed = line.lastIndexOf('-->');
  return opened === -1 && closed === -1 ? wasOpen : opened > closed;
}
