import type { RunSelector } from './parse-selector.js';
import type { RunSample } from './run-sample.js';

/**
 * The runs that a selector means, each by its latest attempt, in the order in which they began. Runs of
 * which nobody knows when they began come first, and fit no time. Pure.
 */
export function selectSamples(
  samples: readonly RunSample[],
  selector: RunSelector,
): readonly RunSample[] {
  const fitting = latestAttempts(samples).filter((sample) => fits(sample, selector));
  return selector.last === undefined ? fitting : fitting.slice(-selector.last);
}

/** The runs that a selector names and that are not among the samples. */
export function missingRuns(
  samples: readonly RunSample[],
  selector: RunSelector,
): readonly string[] {
  const known = new Set(samples.map(({ runId }) => runId));
  return selector.runs.filter((runId) => !known.has(runId));
}

/** One sample of each run, that of its latest attempt, in the order in which the runs began. */
export function latestAttempts(samples: readonly RunSample[]): readonly RunSample[] {
  const latest = new Map<string, RunSample>();
  for (const sample of samples) {
    const known = latest.get(sample.runId);
    if (known === undefined || known.attempt <= sample.attempt) latest.set(sample.runId, sample);
  }
  return [...latest.values()].sort(byStart);
}

function byStart(a: RunSample, b: RunSample): number {
  return compareTexts(a.startedAt ?? '', b.startedAt ?? '') || compareTexts(a.runId, b.runId);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function fits(sample: RunSample, selector: RunSelector): boolean {
  const { commit, runs, tags } = selector;
  return (
    (runs.length === 0 || runs.includes(sample.runId)) &&
    tags.every((tag) => sample.tags.includes(tag)) &&
    isAsked(selector.task, sample.taskId) &&
    isAsked(selector.pipeline, sample.pipelineId) &&
    isAsked(selector.status, sample.status) &&
    (commit === undefined || sample.commit?.toLowerCase().startsWith(commit) === true) &&
    isWithin(sample.startedAt, selector)
  );
}

function isAsked(asked: string | undefined, value: string | null): boolean {
  return asked === undefined || asked === value;
}

function isWithin(startedAt: string | null, { sinceMs, untilMs }: RunSelector): boolean {
  if (sinceMs === undefined && untilMs === undefined) return true;
  const startMs = startedAt === null ? Number.NaN : Date.parse(startedAt);
  return startMs >= (sinceMs ?? -Infinity) && startMs <= (untilMs ?? Infinity);
}
