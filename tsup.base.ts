import { defineConfig } from 'tsup';

/**
 * JavaScript and source maps only: the declarations come from the `typecheck` target, which writes
 * them into the same folder. `clean` therefore spares what that target wrote.
 */
export const libraryBuild = defineConfig({
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  sourcemap: true,
  dts: false,
  clean: ['!**/*.d.ts', '!**/*.d.ts.map', '!**/*.tsbuildinfo'],
});
