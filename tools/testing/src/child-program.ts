import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

/** A TypeScript fixture, bundled from the sources so that it runs under plain Node. */
export interface ChildProgram extends AsyncDisposable {
  /** Absolute path of the runnable `.mjs` file. */
  readonly path: string;
}

/**
 * Bundles a fixture with everything that it imports, taking sibling packages from their sources: a
 * child process then runs the very code under test and no build has to come first.
 */
export async function bundleChildProgram(fixture: URL | string): Promise<ChildProgram> {
  const entry = typeof fixture === 'string' ? fixture : fileURLToPath(fixture);
  const folder = await mkdtemp(join(tmpdir(), 'child-'));
  const path = join(folder, basename(entry).replace(/\.[cm]?ts$/, '.mjs'));
  await build({
    entryPoints: [entry],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@codex-orchestrator/source'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
