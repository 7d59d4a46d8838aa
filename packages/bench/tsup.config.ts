import { defineConfig } from 'tsup';
import type { Options } from 'tsup';

import { libraryBuild } from '../../tsup.base.js';

export default defineConfig({
  ...(libraryBuild as Options),
  entry: ['src/index.ts', 'src/main.ts', 'src/child.ts', 'src/time-child.ts', 'src/prove-time.ts'],
});
