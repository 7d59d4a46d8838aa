import { cp, mkdir, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

import { findExternalPackages } from '../slot/external-packages.js';
import { findPackageFolders, readManifest } from '../slot/package-folders.js';
import type { PackageFolder } from '../slot/package-folders.js';
import { addToCache, isCached, readCachedWorkspace, writeCachedWorkspace } from './build-cache.js';
import type { MissingBase } from './find-base.js';
import type { Variables } from './git.js';
import { isCovered, readLockfile } from './lockfile.js';
import { buildOrder } from './build-order.js';
import { lastLines, runProcess } from './run-process.js';
import { linkModules } from './worktree-modules.js';

export interface BuildWorktreeOptions {
  /** Folder of the workspace. */
  readonly root: string;
  /** Folder with the files of the base. */
  readonly worktree: string;
  /** Where the commit has its place in the cache. */
  readonly folder: string;
  /** Folder name of the project whose packages are needed. */
  readonly project: string;
  readonly env: Variables;
  readonly onProgress: (line: string) => void;
}

/** Builds what a project needs and puts it into the cache; what cannot be built is said, not thrown. */
export async function buildWorktree(
  options: BuildWorktreeOptions,
): Promise<MissingBase | undefined> {
  const { worktree, folder, project, onProgress } = options;
  const packages = await findPackageFolders(worktree);
  const reach = await reachOf(worktree, packages);
  const needed = new Set(reach[project] ?? []);
  const installed = await install(options, packages);
  if (typeof installed === 'object') return installed;
  const before = await readCachedWorkspace(folder);
  if (before !== undefined && before.externals !== installed) {
    await rm(folder, { recursive: true, force: true });
  }
  for (const level of buildOrder(packages.filter(({ folder: one }) => needed.has(basename(one))))) {
    const refused = await Promise.all(level.map((one) => buildPackage(one, options)));
    const first = refused.find((one) => one !== undefined);
    if (first !== undefined) return first;
    onProgress(`built ${level.map((one) => basename(one.folder)).join(', ')} of the base`);
  }
  if (installed === 'cache') await keepExternals(options, packages);
  else await linkNested(options, needed);
  await writeCachedWorkspace(folder, { externals: installed, reach });
  return undefined;
}

async function reachOf(
  worktree: string,
  packages: readonly PackageFolder[],
): Promise<Record<string, string[]>> {
  const reach: Record<string, string[]> = {};
  for (const { folder } of packages) {
    const reached = await findPackageFolders(worktree, basename(folder));
    reach[basename(folder)] = reached.map((one) => basename(one.folder));
  }
  return reach;
}

async function install(
  { root, worktree, env, onProgress }: BuildWorktreeOptions,
  packages: readonly PackageFolder[],
): Promise<'workspace' | 'cache' | MissingBase> {
  const [lockfile, installed] = await Promise.all([readLockfile(worktree), readLockfile(root)]);
  if (isCovered(lockfile, installed)) {
    await linkModules({ root, worktree, lockfile, installed, packages });
    return 'workspace';
  }
  onProgress('the base has other dependencies: installing them');
  let said = '';
  for (const source of ['--offline', '--prefer-offline']) {
    const args = ['ci', source, '--ignore-scripts', '--no-audit', '--no-fund'];
    const { exitCode, stderr } = await runProcess('npm', args, asInShell(worktree, env));
    if (exitCode === 0) return 'cache';
    said = lastLines(stderr);
  }
  const message = `Cannot install the dependencies of the base, which differ from today's: ${said}`;
  return { code: 'NOT_INSTALLED', message };
}

async function buildPackage(
  { name, folder, manifest }: PackageFolder,
  { folder: cache, env }: BuildWorktreeOptions,
): Promise<MissingBase | undefined> {
  const packageName = basename(folder);
  if (await isCached(cache, packageName)) {
    // Those that depend on it may take its build into theirs.
    await cp(join(cache, 'packages', packageName), folder, { recursive: true });
    return undefined;
  }
  const { scripts = {} } = manifest as { scripts?: Record<string, string> };
  if (scripts['build'] !== undefined) {
    const args = ['run', '--silent', 'build'];
    const { exitCode, stdout, stderr } = await runProcess('npm', args, asInShell(folder, env));
    if (exitCode !== 0) {
      const said = lastLines(`${stdout}\n${stderr}`);
      return { code: 'NOT_BUILT', message: `Cannot build ${name} as the base has it: ${said}` };
    }
  }
  await addToCache(cache, packageName, folder);
  return undefined;
}

/** What npm has put into the folder of a single package, as others want another version of it. */
async function linkNested(
  { root, folder }: BuildWorktreeOptions,
  needed: ReadonlySet<string>,
): Promise<void> {
  for (const name of needed) {
    const nested = join(root, 'packages', name, 'node_modules');
    const target = join(folder, 'packages', name, 'node_modules');
    const exists = await stat(nested).catch(() => undefined);
    await rm(target, { recursive: true, force: true });
    if (exists !== undefined) await symlink(nested, target, 'junction');
  }
}

/** Keeps what was installed for the base, as the worktree goes away and the workspace has others. */
async function keepExternals(
  { worktree, folder }: BuildWorktreeOptions,
  packages: readonly PackageFolder[],
): Promise<void> {
  const own = new Set(packages.map(({ name }) => name));
  const kept = new Set<string>();
  const pending = [...packages];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const external of await findExternalPackages(next, worktree, own)) {
      const place = relative(worktree, external.folder);
      if (kept.has(place)) continue;
      kept.add(place);
      await mkdir(dirname(join(folder, place)), { recursive: true });
      await cp(external.folder, join(folder, place), { recursive: true, force: true });
      const manifest = await readManifest(external.folder);
      if (manifest !== undefined) pending.push({ ...external, manifest });
    }
  }
}

/** Without what npm, Nx or a test runner above have set for this process alone. */
function asInShell(
  cwd: string,
  env: Variables,
): { readonly cwd: string; readonly env: Record<string, string | undefined> } {
  const foreign =
    /^(?:npm_(?:lifecycle|package|command|execpath|node_execpath|config_(?:workspaces?|local_prefix|global)$)|NX_|GIT_|VITEST|NODE_OPTIONS$|NODE_ENV$|INIT_CWD$|FORCE_COLOR$)/i;
  const kept = Object.entries(env).filter(([name]) => !foreign.test(name));
  return { cwd, env: { ...Object.fromEntries(kept), NO_COLOR: '1' } };
}
