import { messageOf } from '@codex-orchestrator/core';

import type { Workspace } from '../workspace/workspace.js';
import type { Iteration } from './iteration.js';
import { clearPlace } from './own-place.js';
import type { EvidenceFile, PlacePorts } from './own-place.js';

export interface ResultRequest {
  readonly workspace: Workspace;
  readonly startTree: string | null;
  /** The iteration whose content is the result. */
  readonly kept: Iteration | undefined;
  readonly last: Iteration | undefined;
  readonly patchPath: string;
  /** What the commit on the branch says. */
  readonly message: string;
  readonly ports: PlacePorts;
}

export interface KeptResult {
  readonly branch: string | null;
  readonly notes: readonly string[];
  readonly files: readonly EvidenceFile[];
}

/** Keeps the best content that there was as a patch from the start, and on a branch where the loop has one. */
export async function keepResult(request: ResultRequest): Promise<KeptResult> {
  const { startTree, kept } = request;
  const tree = kept?.treeAfter ?? null;
  if (startTree === null || tree === null || tree === startTree) return noResult;
  try {
    return await keepTree(tree, { ...request, startTree });
  } catch (error) {
    // The agent may have damaged the repository; the verdict stands all the same.
    return { ...noResult, notes: [`The result could not be kept: ${messageOf(error)}.`] };
  }
}

const noResult: KeptResult = { branch: null, notes: [], files: [] };

async function keepTree(
  tree: string,
  request: ResultRequest & { readonly startTree: string },
): Promise<KeptResult> {
  const { workspace, startTree, kept, last, patchPath, message, ports } = request;
  clearPlace(patchPath, ports);
  const patch = await workspace.writePatch(startTree, tree, patchPath);
  const commit = await workspace.keep(tree, message);
  const branch = commit === null ? null : workspace.branch;
  const isLast = tree === last?.treeAfter;
  return {
    branch,
    files: [{ path: patchPath, bytes: patch.bytes, sha256: patch.sha256 }],
    notes: [
      ...(branch === null ? [] : [`The result is on the branch '${branch}'.`]),
      ...(isLast || kept === undefined
        ? []
        : [`Iteration ${kept.n} came closest: rlm/result.patch has what it left.`]),
      ...(patch.truncated ? ['rlm/result.patch is cut: the change is too large for it.'] : []),
    ],
  };
}
