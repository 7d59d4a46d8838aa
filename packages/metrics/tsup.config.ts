import { defineConfig } from 'tsup';
import type { Options } from 'tsup';

import { libraryBuild } from '../../tsup.base.js';

export default defineConfig({
  ...(libraryBuild as Options),
  entry: ['src/index.ts', 'src/range-worker.ts'],
  // A few files of each are used: to load them one by one takes three times as long as all else here.
  noExternal: ['zod', '@datadog/sketches-js'],
  external: ['../proto/compiled'],
});
