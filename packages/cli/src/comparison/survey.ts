import { createMetricsLayout, readEntries } from '@codex-orchestrator/metrics';

import { sampleOfEntry } from '../report-library.js';
import type { HistoryOptions } from './read-history.js';

/** What the history of a task has, for whoever asked for something that it has not. */
export interface Survey {
  readonly runs: number;
  /** The most frequent ones first. */
  readonly pipelines: readonly NameCount[];
  readonly tags: readonly NameCount[];
}

export interface NameCount {
  readonly name: string;
  readonly runs: number;
}

const mostNames = 10;
/** Names beyond are not counted: nobody has so many on purpose. */
const mostCounted = 10_000;

/** Counts attempts as runs where a run has several: close enough for a hint. */
export async function surveyHistory({
  taskId,
  workspace,
  signal,
}: HistoryOptions): Promise<Survey> {
  const pipelines = new Map<string, number>();
  const tags = new Map<string, number>();
  let runs = 0;
  const layout = createMetricsLayout({ ...workspace, taskId });
  for await (const { entry } of readEntries(layout, signal === undefined ? {} : { signal })) {
    const sample = sampleOfEntry(entry);
    if (sample === undefined) continue;
    runs += 1;
    countIn(pipelines, sample.pipelineId === null ? [] : [sample.pipelineId]);
    countIn(tags, sample.tags);
  }
  return { runs, pipelines: mostFrequent(pipelines), tags: mostFrequent(tags) };
}

function countIn(counts: Map<string, number>, names: readonly string[]): void {
  for (const name of names) {
    if (counts.has(name) || counts.size < mostCounted)
      counts.set(name, (counts.get(name) ?? 0) + 1);
  }
}

function mostFrequent(counts: ReadonlyMap<string, number>): NameCount[] {
  return [...counts]
    .map(([name, runs]) => ({ name, runs }))
    .sort((a, b) => b.runs - a.runs)
    .slice(0, mostNames);
}
