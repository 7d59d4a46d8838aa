import { defineConfig } from 'tsup';
import type { Options } from 'tsup';

import { libraryBuild } from '../../tsup.base.js';

export default defineConfig({
  ...(libraryBuild as Options),
  entry: {
    index: 'src/index.ts',
    'html/index': 'src/html/index.ts',
    'statistics/index': 'src/statistics/index.ts',
  },
});
