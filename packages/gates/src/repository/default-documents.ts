/**
 * The documents that gates look at where nobody says otherwise: Markdown in the root and in the folders of
 * documents, but nothing that was built, recorded, archived or installed. Relative to the root.
 */
export const defaultDocuments: readonly string[] = [
  '*.[mM][dD]',
  '.agent/**/*.[mM][dD]',
  '.ai-dev-tasks/**/*.[mM][dD]',
  'docs/**/*.[mM][dD]',
  'tasks/**/*.[mM][dD]',
  '!**/.runs/**',
  '!**/out/**',
  '!**/archives/**',
  '!**/node_modules/**',
  '!**/dist/**',
];
