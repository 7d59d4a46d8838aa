import { defineConfig } from 'tsup';
import type { Options } from 'tsup';

import { libraryBuild } from '../../tsup.base.js';

export default defineConfig({
  ...(libraryBuild as Options),
  // A look-up in a process of its own loads what it needs and no more: parts of a few files each, with
  // the little that they use of other packages within.
  entry: ['src/index.ts', 'src/store.ts'],
  splitting: true,
  minifySyntax: true,
  minifyWhitespace: true,
  noExternal: ['zod', /^@codex-orchestrator\/core\/(ports|task-id)$/],
});
