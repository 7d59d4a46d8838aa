import { defineConfig } from 'tsup';
import type { Options } from 'tsup';

import { libraryBuild } from '../../tsup.base.js';

export default defineConfig({
  ...(libraryBuild as Options),
  // A few files of it are used: to load them one by one takes longer than all else here.
  noExternal: ['zod'],
});
