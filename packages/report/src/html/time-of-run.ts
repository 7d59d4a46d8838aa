import { criticalPath } from './critical-path.js';
import type { CriticalPath, TimedStage } from './critical-path.js';
import type { RunPageView, StageView } from './run-page-view.js';

/** Where the time of a run went, in milliseconds since its start. */
export function timeOfRun(view: RunPageView): CriticalPath {
  const startMs = instantOf(view.startedAt) ?? 0;
  const spans = timedStages(view);
  const last = spans.reduce((latest, { endMs }) => Math.max(latest, endMs ?? 0), 0);
  const endMs = Math.max(last, (instantOf(view.endedAt) ?? startMs) - startMs, 0);
  return criticalPath(spans, { startMs: 0, endMs });
}

/** The stages by the clock of the run; what is running has lasted until the run was last heard of. */
export function timedStages(view: RunPageView): TimedStage[] {
  const origin = instantOf(view.startedAt) ?? 0;
  const heardMs = (instantOf(view.endedAt) ?? origin) - origin;
  return view.stages.map((stage) => {
    const startMs = startOf(stage, origin);
    const end = instantOf(stage.endedAt);
    const endMs = end === null ? heardMs : end - origin;
    return {
      id: stage.id,
      needs: stage.needs,
      startMs,
      endMs: startMs === null ? null : Math.max(startMs, endMs),
    };
  });
}

function startOf({ startedAt }: StageView, origin: number): number | null {
  const start = instantOf(startedAt);
  return start === null ? null : Math.max(0, start - origin);
}

function instantOf(time: string | null): number | null {
  const instant = time === null ? Number.NaN : Date.parse(time);
  return Number.isNaN(instant) ? null : instant;
}
