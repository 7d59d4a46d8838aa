import type { EarlierRun, RunPageView } from './run-page-view.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import { trendCharts } from './trend-charts.js';
import type { Trend } from './trend-charts.js';

/** Durations of the run and of each of its stages, over earlier runs. */
export function stageTrends(view: RunPageView): SafeHtml {
  const { earlier } = view;
  const whole: Trend = {
    label: 'Whole run',
    unit: 'ms',
    earlier: earlier.map(({ durationMs, status }) => point(durationMs, status)),
    current: point(view.durationMs, view.status),
  };
  const seen = earlier.map((run) => new Map(run.stages.map((stage) => [stage.id, stage])));
  const stages = view.stages.map(({ id, title, durationMs, status }): Trend => {
    const before = seen.map((run) => run.get(id));
    return {
      label: title === '' ? id : title,
      unit: 'ms',
      earlier: before.map((stage) => point(stage?.durationMs ?? null, stage?.status ?? 'skipped')),
      current: point(durationMs, status),
    };
  });
  const known = stages.filter(({ earlier: runs }) => runs.some(({ value }) => value !== null));
  return html`<p>
      The ${earlier.length === 1 ? 'run' : `${earlier.length} runs`} before this one, the oldest
      first; every chart begins at zero. What failed counts for no median.
    </p>
    ${trendCharts({ id: 'trend-chart', trends: [whole, ...known] })}`;
}

function point(value: EarlierRun['durationMs'], status: string): Trend['current'] {
  return { value, isFailed: status !== 'succeeded' && status !== 'skipped' };
}
