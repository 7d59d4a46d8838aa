import { createLineCounter } from '../markdown/line-counter.js';
import type { CodeSpan, MarkdownDocument, Passage } from '../markdown/markdown-document.js';
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
  const { passages, codeSpans } = withFrontMatter(document);
  return [
    ...commandReferences(passages, codeSpans),
    ...pathReferences(codeSpans),
    ...linkReferences(document),
    ...undefinedLabels,
  ].sort((left, right) => left.line - right.line);
}

interface Words {
  readonly passages: readonly Passage[];
  readonly codeSpans: readonly CodeSpan[];
}

/** Front matter is no Markdown, but people write notes in it as if it were. */
function withFrontMatter({ frontMatter, passages, codeSpans }: MarkdownDocument): Words {
  if (frontMatter === null) return { passages, codeSpans };
  const line = 2;
  const lineAt = createLineCounter(frontMatter, line);
  const spans = [...frontMatter.matchAll(/`([^`\n]+)`/g)].map((match) => ({
    text: match[1] ?? '',
    line: lineAt(match.index),
    isBroken: false,
  }));
  return {
    passages: [{ kind: 'prose', language: '', text: frontMatter, line }, ...passages],
    codeSpans: [...spans, ...codeSpans],
  };
}
