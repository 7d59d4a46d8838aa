import type { Finding } from '../gate/finding.js';

/** What is wrong with a document or a reference in it. */
export interface Problem extends Finding {
  readonly file: string;
  readonly rule: DocsCheckRule;
  /** What people are told behind the rule, and what `ignoreReferences` is held against. */
  readonly reference: string;
}

export type DocsCheckRule =
  | 'anchor-missing'
  | 'backticked-path-missing'
  | 'document-too-large'
  | 'document-unreadable'
  | 'documents-missing'
  | 'link-escapes-root'
  | 'link-missing'
  | 'npm-script-missing'
  | 'pipeline-id-missing'
  | 'reference-undefined'
  | 'tasks-file-too-large';
