import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { nodeFileSystem, readFile, resolveInside, sha256Hex } from '@codex-orchestrator/core';
import type { Evidence, EvidenceVerdict } from '@codex-orchestrator/experience-store';
import type { FoundRun } from '@codex-orchestrator/manifest';

import type { Workspace } from '../../workspace.js';

/**
 * Where a lesson of a run can be checked: the place that the journal has come to, which stays in its
 * chain however the run goes on; of records without a journal the digest of the manifest as it is.
 */
export function evidenceOf({ layout, manifest }: FoundRun): Evidence {
  const path = layout.relative(layout.manifestPath);
  const { journal } = manifest;
  if (journal !== null) return { path, sha256: journal.head };
  return { path, sha256: sha256Hex(readFileSync(layout.manifestPath)) };
}

/** Beside the manifest. */
const journalName = 'runner.ndjson';

/** No manifest and no journal of a run is as large. */
const maxBytes = 256 * 1024 * 1024;

/** Says of evidence whether it still holds: only files of the workspace are opened. */
export function evidenceVerifier({
  root,
  runsDir,
}: Pick<Workspace, 'root' | 'runsDir'>): (evidence: Evidence) => EvidenceVerdict {
  return ({ path, sha256 }) => {
    const manifest = readBelow([root, runsDir], path);
    if (manifest === undefined) return 'missing';
    if (sha256Hex(manifest) === sha256) return 'ok';
    const journal = readBelow([root, runsDir], join(dirname(path), journalName));
    return journal?.includes(`"${sha256}"`) === true ? 'ok' : 'changed';
  };
}

function readBelow(roots: readonly string[], path: string): Buffer | undefined {
  for (const root of roots) {
    try {
      return readFile(nodeFileSystem, resolveInside(root, path), maxBytes);
    } catch {
      // There is nothing to prove it by, whatever the reason.
    }
  }
  return undefined;
}
