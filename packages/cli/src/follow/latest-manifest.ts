import { foldEvents, isFinalStatus, readJournal } from '@codex-orchestrator/manifest';
import type { FoundRun, Manifest } from '@codex-orchestrator/manifest';

/**
 * A run as its journal tells it: while it goes on, its manifest may be a second older. A journal that
 * cannot be read or folded leaves the manifest as the best that is known.
 */
export async function latestManifest({ layout, manifest }: FoundRun): Promise<Manifest> {
  if (isFinalStatus(manifest.status)) return manifest;
  try {
    const { events } = await readJournal(layout.journalPath);
    return foldEvents(events) ?? manifest;
  } catch {
    return manifest;
  }
}
