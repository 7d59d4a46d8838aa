import type { RootView } from './root-view.js';

export const packageManagerNames = ['pnpm', 'yarn', 'npm', 'bun'] as const;
export type PackageManagerName = (typeof packageManagerNames)[number];

export interface PackageManager {
  readonly name: PackageManagerName;
  /** The file that names it. */
  readonly reason: string;
}

/** Lock files and whose they are. */
export const lockFiles: readonly (readonly [file: string, owner: PackageManagerName])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
  ['bun.lockb', 'bun'],
  ['bun.lock', 'bun'],
];

/** Those that a root speaks for: the one that `packageManager` names alone, else those of the lock files. */
export function findPackageManagers(root: RootView): readonly PackageManager[] {
  const named = readNamed(root.packageJson?.['packageManager']);
  if (named) return [{ name: named, reason: `package.json (packageManager ${named})` }];
  return lockFiles.flatMap(([file, name]) => root.files(file).map((reason) => ({ name, reason })));
}

/** `pnpm@9.1.0` names pnpm; the hash or a missing version do not matter. */
function readNamed(value: unknown): PackageManagerName | undefined {
  if (typeof value !== 'string') return undefined;
  const name = value.trim().split('@')[0];
  return packageManagerNames.find((known) => known === name);
}
