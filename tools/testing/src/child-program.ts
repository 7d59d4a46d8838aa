import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build } from 'esbuild';
import type { BuildOptions } from 'esbuild';

/** A TypeScript program, bundled from the sources so that it runs under plain Node. */
export interface ChildProgram extends AsyncDisposable {
  /** Absolute path of the runnable `.mjs` file. */
  readonly path: string;
}

/**
 * Bundles a fixture with everything that it imports, taking sibling packages from their sources: a
 * child process then runs the very code under test and no build has to come first. In a run of tests
 * that has a test folder, each fixture is bundled once and stays until the run ends.
 */
export async function bundleChildProgram(fixture: URL): Promise<ChildProgram> {
  const entry = fileURLToPath(fixture);
  const name = basename(entry).replace(/\.[cm]?ts$/, '');
  const shared = process.env['TEST_BUNDLES'];
  if (shared === undefined) return bundle(name, { entryPoints: [entry] });
  const key = createHash('sha256').update(entry).digest('hex').slice(0, 12);
  const path = join(shared, `${name}-${key}`, `${name}.mjs`);
  if (!existsSync(path)) await bundleInto(dirname(path), name, entry);
  return { path, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** Another worker may do the same at once: the first one to be ready is the one that counts. */
async function bundleInto(folder: string, name: string, entry: string): Promise<void> {
  const { path } = await bundle(name, { entryPoints: [entry] });
  await mkdir(dirname(folder), { recursive: true });
  try {
    await rename(dirname(path), folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    await rm(dirname(path), { recursive: true, force: true });
  }
}

export interface ReadmeExampleOptions {
  /** @default the folder of this process */
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs the first `ts` code block of a README, resolving its imports as the README's package does, and
 * returns what it prints: the example that people copy is the example that is tested.
 */
export async function runReadmeExample(
  readme: URL,
  { cwd = process.cwd(), env }: ReadmeExampleOptions = {},
): Promise<string> {
  await using program = await bundleReadmeExample(readme);
  const { stdout } = await promisify(execFile)(process.execPath, [program.path], {
    cwd,
    // A task runner above may ask for colours, which are no part of an example.
    env: { ...process.env, ...env, FORCE_COLOR: '0' },
  });
  return stdout;
}

async function bundleReadmeExample(readme: URL): Promise<ChildProgram> {
  const text = await readFile(readme, 'utf8');
  const contents = /^```ts\n(.*?)^```$/ms.exec(text)?.[1];
  if (contents === undefined) throw new Error(`No ts code block in ${readme.pathname}`);
  const resolveDir = dirname(fileURLToPath(readme));
  return bundle('readme-example', { stdin: { contents, resolveDir, loader: 'ts' } });
}

async function bundle(name: string, input: BuildOptions): Promise<ChildProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'child-'));
  const path = join(folder, `${name}.mjs`);
  await build({
    ...input,
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@codex-orchestrator/source'],
    // Of the library of sketches, what encodes them as protocol buffers is never called nor installed.
    external: ['../proto/compiled'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
