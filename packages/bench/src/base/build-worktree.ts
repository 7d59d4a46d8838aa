import { cp, mkdir, rm, stat, symlink } from 'node:fs/promises';
import { basename, delimiter, dirname, join, relative } from 'node:path';

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
    const { exitCode, stderr } = await runProcess('npm', args, {
      cwd: worktree,
      env: environmentFor(env),
      // On Windows npm is a script.
      shell: process.platform === 'win32',
    });
    if (exitCode === 0) return 'cache';
    said = lastLines(stderr);
  }
  const message = `Cannot install the dependencies of the base, which differ from today's: ${said}`;
  return { code: 'NOT_INSTALLED', message };
}

async function buildPackage(
  { name, folder, manifest }: PackageFolder,
  { folder: cache, worktree, env }: BuildWorktreeOptions,
): Promise<MissingBase | undefined> {
  const packageName = basename(folder);
  if (await isCached(cache, packageName)) {
    // Those that depend on it may take its build into theirs.
    await cp(join(cache, 'packages', packageName), folder, { recursive: true });
    return undefined;
  }
  const { scripts = {} } = manifest as { scripts?: Record<string, string> };
  const { build } = scripts;
  if (build !== undefined) {
    // As `npm run build` would, which takes half a second more to come to it.
    const { exitCode, stdout, stderr } = await runProcess(build, [], {
      cwd: folder,
      env: withPrograms(environmentFor(env), [folder, worktree]),
      shell: true,
    });
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
function environmentFor(env: Variables): Record<string, string | undefined> {
  const npm = /^npm_(?:lifecycle|package|command|config_(?:workspaces?|local_prefix|global)$)/i;
  const others = /^(?:NX_|GIT_|VITEST|NODE_OPTIONS$|NODE_ENV$|INIT_CWD$|FORCE_COLOR$)/i;
  const kept = Object.entries(env).filter(([name]) => !npm.test(name) && !others.test(name));
  return { ...Object.fromEntries(kept), NO_COLOR: '1' };
}

/** With the programs that are installed in these folders before all others. */
function withPrograms(
  env: Record<string, string | undefined>,
  folders: readonly string[],
): Record<string, string | undefined> {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const installed = folders.map((folder) => join(folder, 'node_modules', '.bin'));
  return { ...env, [name]: [...installed, env[name] ?? ''].join(delimiter) };
}
