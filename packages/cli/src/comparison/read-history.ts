import { createMetricsLayout, readEntries } from '@codex-orchestrator/metrics';
import type { EntryFacts } from '@codex-orchestrator/metrics';
import type { RunSelector } from '@codex-orchestrator/report';

import { sampleOfEntry } from '../report-library.js';
import type { Workspace } from '../workspace.js';
import type { SelectedSide } from './selected-side.js';

export interface HistoryOptions {
  readonly taskId: string;
  readonly workspace: Pick<Workspace, 'outDir' | 'runsDir'>;
  readonly signal?: AbortSignal;
  /** Called now and then with the number of entries that went by. */
  readonly onProgress?: (entries: number) => void;
}

/** Between two signs of life. */
const entriesPerSign = 4096;

/**
 * Lets the history of a task go by once and gives each side what it means. Of an entry as little is read as
 * tells that no side means it.
 *
 * @throws MetricsError `HISTORY_UNREADABLE`; the reason of an aborted signal
 */
export async function readHistory(
  sides: readonly SelectedSide[],
  { taskId, workspace, signal, onProgress }: HistoryOptions,
): Promise<void> {
  const accepts = sides.map(({ selector }) => quickFilter(selector));
  let count = 0;
  const where = (facts: EntryFacts): boolean => {
    count += 1;
    if (count % entriesPerSign === 0) onProgress?.(count);
    return accepts.some((accept) => accept(facts));
  };
  const layout = createMetricsLayout({ ...workspace, taskId });
  const options = { where, ...(signal === undefined ? {} : { signal }) };
  for await (const { entry } of readEntries(layout, options)) {
    const meaning = sides.filter(({ selector }) => isMarked(entry, selector));
    const sample = meaning.length === 0 ? undefined : sampleOfEntry(entry);
    if (sample === undefined) continue;
    const run = { sample: { ...sample, taskId: sample.taskId ?? taskId }, entry };
    for (const side of meaning) side.add(run);
  }
}

/** Tags and commit are those of the run's beginning: whatever else an entry says, they have to be there. */
function isMarked(
  entry: Readonly<Record<string, unknown>>,
  { commit, tags }: RunSelector,
): boolean {
  const { commit: at, tags: own } = entry;
  if (commit !== undefined && !(typeof at === 'string' && at.toLowerCase().startsWith(commit)))
    return false;
  return tags.length === 0 || (Array.isArray(own) && tags.every((tag) => own.includes(tag)));
}

/** Only what is the same for all attempts of a run: a later one can end otherwise. */
function quickFilter({ pipeline, runs, sinceMs }: RunSelector): (facts: EntryFacts) => boolean {
  const wanted = new Set(runs);
  return ({ pipelineId, recordedAt, runId }) =>
    (pipeline === undefined || pipelineId === pipeline) &&
    (wanted.size === 0 || wanted.has(runId)) &&
    // What is recorded earlier has not begun later; a time that cannot be read is no reason.
    !(sinceMs !== undefined && Date.parse(recordedAt) < sinceMs);
}
