import type { MarkdownDocument } from '../markdown/markdown-document.js';
import { commandReferences } from './command-references.js';
import { linkReferences } from './link-references.js';
import { pathReferences } from './path-references.js';
import type { Reference } from './reference.js';

/** All that a document refers to and that can be looked up, in the order of its lines. */
export function collectReferences(document: MarkdownDocument): Reference[] {
  const undefinedLabels = document.undefinedReferences.map(({ text, label, line }) => ({
    kind: 'undefined' as const,
    text: text.replaceAll(/\s+/g, ' '),
    label,
    line,
  }));
  return [
    ...commandReferences(document),
    ...pathReferences(document),
    ...linkReferences(document),
    ...undefinedLabels,
  ].sort((left, right) => left.line - right.line);
}
