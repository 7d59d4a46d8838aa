import type { RunSample, RunSelector } from '@codex-orchestrator/report';

import { missingRuns, selectSamples } from '../report-library.js';
import type { Workspace } from '../workspace.js';
import { readHistory } from './read-history.js';
import type { HistoryOptions } from './read-history.js';
import {
  noteOfManifestBytes,
  readNamedRuns,
  readRecords,
  withoutManifestBytes,
} from './read-records.js';
import { maxRunsOfSide, SelectedSide } from './selected-side.js';

export interface SidesRequest extends Omit<HistoryOptions, 'taskId' | 'workspace'> {
  readonly before: RunSelector;
  readonly after: RunSelector;
  /** Task of a selector that names none. */
  readonly taskId: string;
  readonly workspace: Workspace;
}

export interface GatheredSide {
  readonly samples: readonly RunSample[];
  readonly taskId: string;
  /** Runs that the selector names and that are nowhere. */
  readonly missing: readonly string[];
}

export interface GatheredSides {
  readonly before: GatheredSide;
  readonly after: GatheredSide;
  /** What to know about how the runs were gathered, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * The runs that two selectors mean. A history that both are about goes by once; of the runs that are
 * chosen, and of no others, the records are read.
 *
 * @throws MetricsError `HISTORY_UNREADABLE`; the reason of an aborted signal
 */
export async function gatherSides(request: SidesRequest): Promise<GatheredSides> {
  const sides = {
    before: new SelectedSide(request.before),
    after: new SelectedSide(request.after),
  };
  const taskOf = ({ selector }: SelectedSide): string => selector.task ?? request.taskId;
  const all = [sides.before, sides.after];
  for (const taskId of new Set(all.map(taskOf))) {
    const about = all.filter((side) => taskOf(side) === taskId);
    await readHistory(about, { ...request, taskId });
  }
  const before = await complete(sides.before, taskOf(sides.before), request.workspace);
  const after = await complete(sides.after, taskOf(sides.after), request.workspace);
  const isOneRoot = new Set([...before.roots, ...after.roots]).size < 2;
  const comparable = ({ side }: CompleteSide): GatheredSide =>
    isOneRoot ? side : { ...side, samples: withoutManifestBytes(side.samples) };
  return {
    before: comparable(before),
    after: comparable(after),
    notes: [
      ...(isOneRoot ? [] : [noteOfManifestBytes]),
      ...new Set([...before.problems, ...after.problems]),
      ...noteOfCut('before', sides.before),
      ...noteOfCut('after', sides.after),
    ],
  };
}

interface CompleteSide {
  readonly side: GatheredSide;
  readonly roots: ReadonlySet<string>;
  readonly problems: readonly string[];
}

async function complete(
  selected: SelectedSide,
  taskId: string,
  workspace: Workspace,
): Promise<CompleteSide> {
  const { samples, roots, problems } = await readRecords(selected.runs, workspace);
  const named = await readNamedRuns(missingRuns(samples, selected.selector), workspace);
  const together = [...samples, ...named];
  const missing = missingRuns(together, selected.selector);
  // Once more: what a record says wins, also about how the run ended.
  return {
    side: { samples: selectSamples(together, selected.selector), taskId, missing },
    problems,
    roots,
  };
}

function noteOfCut(name: string, { leftOut }: SelectedSide): string[] {
  if (leftOut === 0) return [];
  return [
    `Of the runs ${name}, the newest ${String(maxRunsOfSide)} were looked at, and ${String(leftOut)} older ones were left out`,
  ];
}
