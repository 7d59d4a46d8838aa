import { listUnsealedRuns, readManifest } from '@codex-orchestrator/manifest';
import type { RunLayout } from '@codex-orchestrator/manifest';

import type { RecoverPorts } from './recover-run.js';

/**
 * Recovers the runs of a dead run's subpipelines, which it ran itself: they are dead as well, and what
 * they left running is known to their own records alone. One that cannot be recovered keeps nobody from
 * recovering its parent; it stays unsealed and is found again.
 */
export async function recoverChildren(
  layout: RunLayout,
  { fs }: RecoverPorts,
  recover: (child: RunLayout) => Promise<unknown>,
): Promise<void> {
  const { root, runsDir, outDir, taskId } = layout;
  const { layouts } = await listUnsealedRuns({ root, runsDir, outDir, taskId }, { fs });
  for (const child of layouts) {
    if (child.runId === layout.runId) continue;
    try {
      const { manifest } = await readManifest(child.manifestPath, { fs });
      if (manifest.parent_run_id === layout.runId) await recover(child);
    } catch {
      // Whoever asks for this run by its id is told why.
    }
  }
}
