import { defineConfig } from 'vitest/config';

/** Sibling packages resolve to their sources, so a test never runs against an old build. */
export const testConfig = defineConfig({
  ssr: { resolve: { conditions: ['@codex-orchestrator/source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    restoreMocks: true,
    testTimeout: 30_000,
    // Most tests wait for processes: two files at a time fit even on two cores.
    maxWorkers: 2,
    reporters: ['default', ['json', { outputFile: '.vitest/results.json' }]],
  },
});
