import type { MovedFile } from './events.js';
import type { Artifact } from './manifest.js';

/** Adds files to a list in place; one that was written again replaces what it was. */
export function addArtifacts(known: Artifact[], added: readonly Artifact[] | undefined): void {
  for (const artifact of added ?? []) {
    const at = known.findLastIndex(({ path }) => path === artifact.path);
    if (at === -1) known.push(artifact);
    else known[at] = artifact;
  }
}

export function moveArtifacts(known: readonly Artifact[], moved: readonly MovedFile[]): Artifact[] {
  const names = new Map(moved.map(({ from, to }) => [from, to]));
  return known.map((artifact) => ({
    ...artifact,
    path: names.get(artifact.path) ?? artifact.path,
  }));
}
