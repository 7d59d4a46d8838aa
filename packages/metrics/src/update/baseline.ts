import { codeOf, nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { MetricsError } from '../errors.js';
import type { BaselineDocument } from '../fold/document-types.js';
import { firstEntryOf } from '../fold/first-entry.js';
import type { FirstEntry } from '../fold/first-entry.js';
import { factsOf } from '../entry/facts-of.js';
import type { MetricsLayout } from '../layout.js';
import { readBaselineFile, replace } from './outputs.js';
import { readEntries } from './read-entries.js';
import { withLockedUpdate } from './update-aggregates.js';
import type { UpdateOptions } from './update-report.js';

/** Which run becomes the baseline, and who says so. */
export interface BaselineChoice {
  readonly runId: string;
  /** @default the latest one in the history */
  readonly attempt?: number;
  readonly reason?: string;
  readonly actor?: string;
}

/** What later runs are compared with; null where there is none, or one that nothing can be read from. */
export function readBaseline(
  layout: MetricsLayout,
  { fs = nodeFileSystem }: { readonly fs?: FileSystem } = {},
): Promise<BaselineDocument | null> {
  return Promise.resolve().then(() => readBaselineFile(layout, fs) ?? null);
}

/**
 * Makes a run of the history the baseline, with who chose it, when and why; the comparison follows.
 *
 * @throws MetricsError `ENTRY_NOT_FOUND`; as `updateAggregates`; CoreError `LOCK_TIMEOUT`.
 */
export async function setBaseline(
  layout: MetricsLayout,
  { runId, attempt, reason, actor }: BaselineChoice,
  options: UpdateOptions = {},
): Promise<BaselineDocument> {
  const entry = await latestEntry(layout, { runId, attempt }, options.fs);
  let baseline: BaselineDocument | undefined;
  await withLockedUpdate(layout, options, 'refresh', async (ports) => {
    baseline = {
      ...entry,
      source: 'set',
      set_at: new Date(ports.clock.nowMs()).toISOString(),
      ...(actor === undefined ? {} : { actor }),
      ...(reason === undefined ? {} : { reason }),
    };
    await replace(layout.baselinePath, `${JSON.stringify(baseline, null, 2)}\n`, ports);
  });
  return baseline ?? entry;
}

/**
 * Forgets a chosen baseline: the first entry of the history is it again.
 *
 * @throws as `updateAggregates`; CoreError `LOCK_TIMEOUT`.
 */
export async function clearBaseline(
  layout: MetricsLayout,
  options: UpdateOptions = {},
): Promise<BaselineDocument | null> {
  await withLockedUpdate(layout, options, 'refresh', ({ fs }) => {
    try {
      fs.unlink(layout.baselinePath);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  });
  return readBaseline(layout, options.fs === undefined ? {} : { fs: options.fs });
}

async function latestEntry(
  layout: MetricsLayout,
  { runId, attempt }: { readonly runId: string; readonly attempt: number | undefined },
  fs: FileSystem | undefined,
): Promise<FirstEntry> {
  const found = readEntries(layout, {
    where: (facts) => facts.runId === runId && (attempt === undefined || facts.attempt === attempt),
    ...(fs === undefined ? {} : { fs }),
  });
  let latest: ReturnType<typeof factsOf>;
  for await (const { entry } of found) {
    const facts = factsOf(entry);
    if (facts !== undefined && facts.attempt > (latest?.attempt ?? 0)) latest = facts;
  }
  if (latest !== undefined) return firstEntryOf(latest);
  const which = attempt === undefined ? '' : ` with attempt ${attempt}`;
  throw new MetricsError(
    'ENTRY_NOT_FOUND',
    `Cannot make '${runId}'${which} the baseline: the history "${layout.taskDir}" has no such run`,
    { path: layout.historyPath },
  );
}
