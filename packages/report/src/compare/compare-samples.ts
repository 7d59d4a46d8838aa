import { ReportError } from '../errors.js';
import { barriersOf } from './barriers.js';
import { methodOf } from './compare-options.js';
import type { CompareOptions } from './compare-options.js';
import { describeSide } from './compared-side.js';
import { comparisonSchemaId } from './comparison.js';
import type { Comparison } from './comparison.js';
import { comparisonNotes } from './comparison-notes.js';
import { judgeMetric } from './judge-metric.js';
import { judgeRates } from './judge-rates.js';
import { metricsOf, stagesOf } from './metric-definitions.js';
import { overallVerdict } from './overall-verdict.js';
import type { RunSample } from './run-sample.js';
import { latestAttempts } from './select-samples.js';

/**
 * Holds the runs after a change against those before it. Pure: the same runs, in any order, and the same
 * options give the same comparison.
 *
 * Durations, counts and memory are those of the runs that succeeded; the rates are over all that ended. A
 * run that is given more than once counts by its latest attempt.
 *
 * - Values that vary are judged by the bootstrap interval of the ratio of medians. `regressed`: it lies
 *   above `1 + margin`; `improved`: below `1 / (1 + margin)`; `unchanged`: within `1 + 2 * margin` and its
 *   inverse; else `undecided`. With fewer than `minRuns` runs on a side they are not judged.
 * - Counts that are the same in every run of a side, of at least three, are compared exactly.
 * - Durations and memory are judged only where all runs are of one known machine.
 * - Nothing of the kind is judged where a side mixes pipelines.
 *
 * @throws ReportError `RUN_ON_BOTH_SIDES`: a run is given before and after; `INVALID_OPTION`.
 */
export function compareSamples(
  before: readonly RunSample[],
  after: readonly RunSample[],
  options: CompareOptions = {},
): Comparison {
  const method = methodOf(options);
  const sides = { before: latestAttempts(before), after: latestAttempts(after) };
  refuseSharedRuns(sides.before, sides.after);
  const measured = { before: sides.before.filter(succeeded), after: sides.after.filter(succeeded) };
  const barriers = barriersOf(measured.before, measured.after);
  const metrics = metricsOf(measured.before, measured.after).map((values) =>
    judgeMetric(values, barriers[values.kind], method),
  );
  const rates = judgeRates(sides.before, sides.after, method);
  const stages = { before: stagesOf(measured.before), after: stagesOf(measured.after) };
  return {
    schema: comparisonSchemaId,
    ...overallVerdict(metrics, rates),
    before: describeSide(before, options.beforeLabel),
    after: describeSide(after, options.afterLabel),
    metrics,
    rates,
    stagesAdded: stages.after.filter((id) => !stages.before.includes(id)),
    stagesRemoved: stages.before.filter((id) => !stages.after.includes(id)),
    method,
    notes: comparisonNotes(sides, metrics),
  };
}

function succeeded({ status }: RunSample): boolean {
  return status === 'succeeded';
}

function refuseSharedRuns(before: readonly RunSample[], after: readonly RunSample[]): void {
  const known = new Set(before.map(({ runId }) => runId));
  const shared = after.map(({ runId }) => runId).filter((runId) => known.has(runId));
  const [first] = shared;
  if (first === undefined) return;
  const others = shared.length === 1 ? '' : ` and ${String(shared.length - 1)} others`;
  throw new ReportError(
    'RUN_ON_BOTH_SIDES',
    `Cannot compare runs with themselves: "${first}"${others} would count before and after`,
    { subject: first },
  );
}
