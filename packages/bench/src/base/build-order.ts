import type { PackageFolder } from '../slot/package-folders.js';

/**
 * The packages in levels: each depends on packages of earlier levels only, so that those of one level can
 * be built at the same time. Packages that depend on each other come last, together.
 */
export function buildOrder(
  packages: readonly PackageFolder[],
): readonly (readonly PackageFolder[])[] {
  const levels: (readonly PackageFolder[])[] = [];
  const pending = new Map(packages.map((one) => [one.name, one]));
  while (pending.size > 0) {
    const free = [...pending.values()].filter((one) => !waits(one, pending));
    const level = free.length > 0 ? free : [...pending.values()];
    for (const { name } of level) pending.delete(name);
    levels.push(level);
  }
  return levels;
}

function waits(
  { name, manifest }: PackageFolder,
  pending: ReadonlyMap<string, PackageFolder>,
): boolean {
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  return names.some((other) => other !== name && pending.has(other));
}
