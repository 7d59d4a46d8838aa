import { posix, relative, sep } from 'node:path';

import type { MarkdownDocument } from '../markdown/markdown-document.js';
import { readDocument } from '../markdown/read-document.js';
import { describeUnread, readFileInside } from '../text-files/read-file-inside.js';
import type { FileRoot } from '../text-files/read-file-inside.js';
import { collectReferences } from './collect-references.js';
import type { Problem } from './problem.js';
import type { Reference } from './reference.js';

/** What is kept of a document once it was read. */
export interface ReadDocument {
  readonly path: string;
  readonly references: readonly Reference[];
  readonly anchors: ReadonlySet<string>;
  /** What could not be read. */
  readonly problems: readonly Problem[];
}

/** Reads one document. What cannot be read is a problem and no error. */
export function readReferences(where: FileRoot, path: string): ReadDocument {
  const reading = readFileInside(where, path);
  if (reading.kind !== 'read') {
    const rule = reading.kind === 'too-large' ? 'document-too-large' : 'document-unreadable';
    return unread(path, rule, describeUnread(reading));
  }
  const { bytes } = reading;
  if (isWide(bytes)) return unread(path, 'document-unreadable', 'it is not UTF-8');
  const document = readDocument(bytes.toString('utf8'));
  const { anchors } = document;
  const problems = checkDepth(path, document);
  return { path, references: collectReferences(document), anchors, problems };
}

/** Whether a document is only another name of one of these: a symlink that leads to it. */
export function isAlias(where: FileRoot, path: string, documents: ReadonlySet<string>): boolean {
  const { root, fs } = where;
  try {
    if (!fs.lstat(`${root}/${path}`).isSymbolicLink()) return false;
    const target = relative(fs.realpath(root), fs.realpath(`${root}/${path}`));
    return documents.has(target.split(sep).join(posix.sep));
  } catch {
    // Reading it says what is wrong.
    return false;
  }
}

/** UTF-16 read as UTF-8 is a document without a single reference. */
function isWide(bytes: Buffer): boolean {
  const mark = bytes.subarray(0, 2).toString('hex');
  return mark === 'fffe' || mark === 'feff';
}

function unread(path: string, rule: Problem['rule'], reason: string): ReadDocument {
  const problem = {
    ...{ rule, file: path, line: null, reference: reason, fix: null },
    message: `'${path}' cannot be checked: ${reason}`,
  };
  return { path, references: [], anchors: new Set(), problems: [problem] };
}

function checkDepth(path: string, { unreadFrom }: MarkdownDocument): Problem[] {
  if (unreadFrom === null) return [];
  const reason = 'something is nested too deep to be read';
  return [
    {
      ...{
        rule: 'document-unreadable',
        file: path,
        line: unreadFrom,
        reference: reason,
        fix: null,
      },
      message: `'${path}' cannot be checked from line ${unreadFrom} on: ${reason}`,
    },
  ];
}
