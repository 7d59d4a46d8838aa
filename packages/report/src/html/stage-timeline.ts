import type { CriticalPath } from './critical-path.js';
import { factList } from './facts.js';
import { formatDuration } from './format-quantity.js';
import { iterationBars } from './iteration-bars.js';
import type { RunPageView, StageView } from './run-page-view.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import { timedStages } from './time-of-run.js';
import { timelineChart } from './timeline-chart.js';
import type { TimelineBar } from './timeline-chart.js';

interface PlacedStage {
  readonly stage: StageView;
  readonly index: number;
}

const maxBars = 60;

/** The stages as bars over the time of the run, and where that time went. */
export function stageTimeline(view: RunPageView, time: CriticalPath): SafeHtml {
  if (time.spanMs === 0 || view.stages.length === 0) {
    return html`<p>No stage of the run was started, so there is no time to show.</p>`;
  }
  const shown = mostTelling(view.stages, time);
  const critical = new Set(time.stages);
  const timed = timedStages(view);
  const originMs = Date.parse(view.startedAt) || 0;
  const bars = shown.flatMap(({ stage, index }): TimelineBar[] => {
    const { title, id, status, durationMs, attempts } = stage;
    const { startMs = null, endMs = null } = timed[index] ?? {};
    const wait = time.waits[index] ?? null;
    const loop = view.loops.find((one) => one.id === id);
    const bar = {
      label: title === '' ? id : title,
      status,
      startMs,
      endMs,
      readyMs: startMs === null || wait === null ? null : startMs - wait,
      durationMs: durationMs ?? (startMs === null || endMs === null ? null : endMs - startMs),
      attempts,
      isCritical: critical.has(index),
    };
    const parts = loop
      ? iterationBars(loop.iterations, { ...stage, startMs, endMs }, originMs)
      : [];
    return [bar, ...parts];
  });
  const omitted = view.stages.length - shown.length;
  return html`${timeFacts(view, time)}${timelineChart({
    id: 'timeline-chart',
    title: 'What ran when',
    spanMs: time.spanMs,
    bars,
    note:
      omitted > 0
        ? `${omitted} of ${view.stages.length} stages are left out: shown are the critical path, what did not succeed, and the longest.`
        : undefined,
  })}`;
}

function timeFacts(view: RunPageView, time: CriticalPath): SafeHtml {
  const { pathMs, spanMs, recoverableMs, idleMs, waitingMs } = time;
  const share = spanMs > 0 ? ` (${Math.round((recoverableMs / spanMs) * 100)} %)` : '';
  return html`<p>
      The critical path is the chain of stages, each needing the one before, that takes the longest:
      with these stages, the run cannot be shorter. The rest of the time could be won back by order,
      room and fewer pauses.
    </p>
    ${factList([
      { name: 'Critical path', value: `${formatDuration(pathMs)} of ${formatDuration(spanMs)}` },
      { name: 'Recoverable', value: `${formatDuration(recoverableMs)}${share}` },
      { name: 'No stage running', value: formatDuration(idleMs) },
      { name: 'Only others running', value: formatDuration(waitingMs) },
      { name: 'Between attempts', value: view.gapMs > 0 && formatDuration(view.gapMs) },
    ])}`;
}

/** The stages to draw, in the order of the plan. */
function mostTelling(stages: readonly StageView[], time: CriticalPath): PlacedStage[] {
  const all = stages.map((stage, index) => ({ stage, index }));
  if (all.length <= maxBars) return all;
  const critical = new Set(time.stages);
  const weight = ({ stage, index }: PlacedStage): number => {
    const isBad = stage.status !== 'succeeded' && stage.startedAt !== null;
    return (critical.has(index) ? 1e15 : 0) + (isBad ? 1e14 : 0) + (stage.durationMs ?? 0);
  };
  const ranked = all.toSorted((a, b) => weight(b) - weight(a) || a.index - b.index);
  return ranked.slice(0, maxBars).sort((a, b) => a.index - b.index);
}
