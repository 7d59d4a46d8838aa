import type { TimedStage } from './critical-path.js';
import type { IterationView } from './loop-view.js';
import type { TimelineBar } from './timeline-chart.js';

const maxBars = 16;

/** The iterations of a loop as bars below that of its stage: the newest, where there are many. */
export function iterationBars(
  iterations: readonly IterationView[],
  stage: TimedStage,
  originMs: number,
): TimelineBar[] {
  const { startMs, endMs } = stage;
  if (startMs === null || endMs === null || iterations.length < 2) return [];
  return iterations.slice(-maxBars).flatMap((iteration) => {
    const from = Date.parse(iteration.startedAt) - originMs;
    const to = Date.parse(iteration.endedAt) - originMs;
    // By clocks that were set, or not by the loop at all: a bar would lie outside of the stage.
    if (!(from <= to) || from < startMs || to > endMs) return [];
    return [
      {
        label: `iteration ${iteration.n}`,
        status: statusOf(iteration),
        startMs: from,
        endMs: to,
        readyMs: null,
        durationMs: to - from,
        attempts: 1,
        isCritical: false,
        isPart: true,
      },
    ];
  });
}

function statusOf({ completed, validators }: IterationView): string {
  return completed && validators.every(({ outcome }) => outcome === 'passed')
    ? 'succeeded'
    : 'failed';
}
