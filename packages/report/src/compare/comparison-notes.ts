import type { MetricComparison } from './comparison.js';
import { countBy } from './count-by.js';
import { hasEnded } from './judge-rates.js';
import type { RunSample } from './run-sample.js';

interface Sides {
  readonly before: readonly RunSample[];
  readonly after: readonly RunSample[];
}

/** What whoever reads the verdicts should know of the runs, one sentence each. */
export function comparisonNotes(
  { before, after }: Sides,
  metrics: readonly MetricComparison[],
): readonly string[] {
  const all = [...before, ...after];
  return [
    ...leftOut(all),
    ...pipelineChange({ before, after }),
    ...separateTimes({ before, after }),
    ...mixedDurations(all),
    ...manyVerdicts(metrics),
  ];
}

function leftOut(samples: readonly RunSample[]): readonly string[] {
  const unfinished = samples.filter((sample) => !hasEnded(sample)).length;
  const failed = samples.filter((each) => hasEnded(each) && each.status !== 'succeeded').length;
  return [
    ...(failed === 0
      ? []
      : [`Runs that did not succeed, which count in the rates alone: ${String(failed)}.`]),
    ...(unfinished === 0
      ? []
      : [`Runs that have not ended, which count in nothing: ${String(unfinished)}.`]),
  ];
}

function pipelineChange({ before, after }: Sides): readonly string[] {
  const [one, other] = [before, after].map((side) =>
    countBy(side, ({ pipelineId }) => pipelineId ?? ''),
  );
  if (one?.length !== 1 || other?.length !== 1) return [];
  const [from, to] = [one[0]?.first.pipelineId, other[0]?.first.pipelineId];
  if (from === to) return [];
  return [`The pipeline was "${from ?? 'unknown'}" before and is "${to ?? 'unknown'}" after.`];
}

/** Load that changed meanwhile would look like the change that is asked about. */
function separateTimes({ before, after }: Sides): readonly string[] {
  const [one, other] = [before, after].map((side) =>
    side.flatMap(({ startedAt }) => startedAt ?? []),
  );
  const [lastBefore, firstAfter] = [one?.at(-1), other?.[0]];
  if (lastBefore === undefined || firstAfter === undefined || firstAfter < lastBefore) return [];
  return [
    'The runs before were all begun earlier than those after: what else changed on the machine in between would show as well.',
  ];
}

function mixedDurations(samples: readonly RunSample[]): readonly string[] {
  const kinds = countBy(
    samples.filter(({ durationKind }) => durationKind !== null),
    ({ durationKind }) => durationKind ?? '',
  );
  if (kinds.length < 2) return [];
  return [
    'Durations are the time in which an attempt was under way; where that is not known, from the first start to the last end.',
  ];
}

function manyVerdicts(metrics: readonly MetricComparison[]): readonly string[] {
  const judged = metrics.filter(({ test }) => test === 'bootstrap').length;
  if (judged < MANY) return [];
  return [
    `${String(judged)} metrics were judged, each at the level given: one of many can be wrong by chance.`,
  ];
}

const MANY = 10;
