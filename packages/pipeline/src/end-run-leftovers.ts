import { currentProcessIdentity } from '@codex-orchestrator/core';
import type { Clock } from '@codex-orchestrator/core';
import { endLeftovers } from '@codex-orchestrator/exec';
import type { GroupIdentity } from '@codex-orchestrator/exec';
import type { EndedGroup, RunEvent, RunLayout, RunOwner } from '@codex-orchestrator/manifest';

import type { KnownRun } from './read-run.js';

export interface EndLeftoversPorts {
  readonly clock: Clock;
  /** Time between SIGTERM and SIGKILL. */
  readonly graceMs: number | undefined;
  readonly endLeftovers: typeof endLeftovers | undefined;
}

/** Ends what a dead runner left running, recognised by start times and environment, never by pid alone. */
export async function endRunLeftovers(
  { runDir }: RunLayout,
  { manifest, reading }: KnownRun,
  ports: EndLeftoversPorts,
): Promise<readonly EndedGroup[]> {
  const place = placeOf(manifest.owner);
  // Nothing of another boot or another machine runs here.
  if (place === 'elsewhere') return [];
  const { clock, graceMs, endLeftovers: end = endLeftovers } = ports;
  const ended = await end(
    {
      groups: place === 'here' ? openGroups(reading.events) : [],
      marker: { name: 'CODEX_ORCHESTRATOR_RUN_DIR', value: runDir },
    },
    { clock, ...(graceMs === undefined ? {} : { graceMs }) },
  );
  return ended.map(({ processGroup, outcome }) => ({ process_group: processGroup, outcome }));
}

/** Whether numbers of processes mean the same here as to the run's owner. */
function placeOf(owner: RunOwner | null): 'another-namespace' | 'elsewhere' | 'here' {
  const here = currentProcessIdentity();
  if (owner?.host !== here.host || owner.boot_id !== here.bootId) return 'elsewhere';
  return owner.namespace === (here.namespace ?? null) ? 'here' : 'another-namespace';
}

/** A loop starts thousands of processes one after the other: only the last of them can be there still. */
const maxGroupsPerStage = 64;

/** The groups of stages that no event says to have ended, of each stage the last ones that it started. */
function openGroups(events: readonly RunEvent[]): GroupIdentity[] {
  const open = new Map<string, GroupIdentity[]>();
  for (const event of events) {
    if (event.type === 'stage.finished') open.delete(event.id);
    if (event.type !== 'stage.spawned') continue;
    const { process_group: processGroup, process_started_at: leaderStartedAt } = event;
    const groups = open.get(event.id) ?? [];
    groups.push({ processGroup, leaderStartedAt });
    if (groups.length > maxGroupsPerStage) groups.shift();
    open.set(event.id, groups);
  }
  return [...open.values()].flat();
}
