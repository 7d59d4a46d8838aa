import { readdirSync } from 'node:fs';

import { isTempName, messageOf } from '@codex-orchestrator/core';
import type { Clock } from '@codex-orchestrator/core';
import { effectiveStatus, listRuns } from '@codex-orchestrator/manifest';
import type { FoundRun, Manifest, RunListing } from '@codex-orchestrator/manifest';

import type { Check } from '../doctor-checks.js';
import type { Workspace } from '../workspace.js';

/** Runs that are looked at: what is older has been looked at before. */
const newestRuns = 200;

/** Looks for what crashes leave: records without an owner, damaged ones, temporary files. */
export async function checkRuns(
  { root, runsDir }: Pick<Workspace, 'root' | 'runsDir'>,
  clock: Clock,
): Promise<Check[]> {
  try {
    const listing = await listRuns({ root, runsDir }, { limit: newestRuns });
    return [
      checkInterrupted(listing.runs, clock),
      checkReadable(listing),
      checkTemps(listing.runs),
    ];
  } catch (error) {
    const message = messageOf(error);
    return [{ id: 'runs', status: 'error', message }];
  }
}

function checkInterrupted(runs: readonly FoundRun[], clock: Clock): Check {
  const id = 'interrupted-runs';
  const ids = runs
    .filter(({ manifest }) => isWithoutOwner(manifest, clock))
    .map(({ manifest }) => manifest.run_id);
  const [newest] = ids;
  if (newest === undefined) return { id, status: 'ok', message: 'none' };
  return {
    id,
    status: 'warning',
    message: `${String(ids.length)}, the newest is ${newest}`,
    hint: 'codex-orchestrator recover',
  };
}

/** A run that was recovered has been looked at, and has an end. */
function isWithoutOwner(manifest: Manifest, clock: Clock): boolean {
  const { status, reason } = effectiveStatus(manifest, { clock });
  return status === 'interrupted' && reason !== 'recorded';
}

function checkReadable({ unreadable }: RunListing): Check {
  const id = 'damaged-runs';
  if (unreadable.length === 0) return { id, status: 'ok', message: 'none' };
  return {
    id,
    status: 'warning',
    message: unreadable.map(({ path }) => path).join(', '),
    hint: 'codex-orchestrator verify --all',
  };
}

function checkTemps(runs: readonly FoundRun[]): Check {
  const id = 'temporary-files';
  const count = runs.flatMap(({ layout }) => readdirSync(layout.runDir).filter(isTempName)).length;
  if (count === 0) return { id, status: 'ok', message: 'none left behind' };
  return { id, status: 'warning', message: `${String(count)} left behind by killed processes` };
}
