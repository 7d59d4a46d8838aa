import { fileURLToPath } from 'node:url';

import { defineConfig, mergeConfig } from 'vitest/config';

/** Sibling packages resolve to their sources, so a test never runs against an old build. */
const shared = defineConfig({
  ssr: { resolve: { conditions: ['@codex-orchestrator/source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    // No test changes what another one imports: loading it once per worker is enough.
    isolate: false,
    restoreMocks: true,
    // The first test of a file can be who loads all that is loaded late, on a machine that has other work.
    testTimeout: 60_000,
    // Most tests wait for processes: two files at a time fit even on two cores.
    maxWorkers: 2,
    reporters: ['default', ['json', { outputFile: '.vitest/results.json' }]],
  },
});

/**
 * For tests of what programs do with files: those are in memory where there is room, because waiting for
 * a disk to have written what nobody will read is most of what such a test would take.
 */
export const testConfig = mergeConfig(shared, {
  test: { globalSetup: setUp('in-memory') },
});

/** For tests of what a file system does, which therefore is the real one. */
export const onDiskTestConfig = mergeConfig(shared, {
  test: { globalSetup: setUp('on-disk') },
});

function setUp(where: 'in-memory' | 'on-disk'): string {
  return fileURLToPath(new URL(`tools/testing/src/set-up-${where}.ts`, import.meta.url));
}
