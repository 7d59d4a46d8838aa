import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';

import { defineConfig } from 'tsup';
import type { Options } from 'tsup';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Leaves the import of a file to the program as it is built, where it is a bundle beside this one. */
const libraries: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'libraries',
  setup(build) {
    build.onResolve({ filter: /\/(?:gates|loop|metrics|report)-library\.js$/ }, ({ path }) => ({
      path: `./${basename(path, '.js')}.cjs`,
      external: true,
    }));
    // Pipelines and loops look for files by globs only where their configuration has some.
    build.onResolve({ filter: /^tinyglobby$/ }, () => ({
      path: './glob-library.cjs',
      external: true,
    }));
  },
};

/**
 * One CommonJS bundle that the launcher in `bin/` requires, one for the thread that counts half of a
 * large history, and for what only some commands need one each: comparisons and pages, agent loops,
 * gates, metrics, the search by globs. CommonJS, because Node starts it without setting up its ESM loader; one
 * file, because every file opened at start costs; nothing external, so that the published package has no
 * dependencies.
 */
export default defineConfig({
  entry: {
    main: 'src/main.ts',
    'range-worker': 'src/range-worker.ts',
    'report-library': 'src/report-library.ts',
    'loop-library': 'src/loop-library.ts',
    'metrics-library': 'src/metrics-library.ts',
    'gates-library': 'src/gates-library.ts',
    'glob-library': createRequire(import.meta.url).resolve('tinyglobby'),
  },
  esbuildPlugins: [libraries],
  format: ['cjs'],
  target: 'node20',
  platform: 'node',
  splitting: false,
  // Half the text to read at each start, which is 15 of 210 ms of CPU for a run of one stage. The map has
  // the places for stack traces: `node --enable-source-maps`.
  minify: true,
  sourcemap: true,
  dts: false,
  clean: ['!**/*.d.ts', '!**/*.d.ts.map', '!**/*.tsbuildinfo'],
  noExternal: [/.*/],
  define: { __VERSION__: JSON.stringify(version) },
  esbuildOptions(options) {
    options.conditions = ['@codex-orchestrator/source'];
    // Of the library of sketches, what encodes them as protocol buffers is never called nor installed.
    options.external = ['../proto/compiled'];
    options.sourcesContent = false;
    // A file beside this one is required: imported, Node would read it through its ESM loader, which looks
    // through all of its text for names of exports. Of the gates that was half of their start.
    options.supported = { ...options.supported, 'dynamic-import': false };
  },
});
