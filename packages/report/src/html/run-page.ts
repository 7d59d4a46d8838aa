import type { CriticalPath } from './critical-path.js';
import { factList, sentences } from './facts.js';
import { formatBytes, formatDuration, formatQuantity, formatTime } from './format-quantity.js';
import { loopPanel } from './loop-panel.js';
import { renderPage, section } from './page.js';
import { shortPath } from './plain-text.js';
import type { RunPageView, StageView } from './run-page-view.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import { stageTimeline } from './stage-timeline.js';
import { stageTrends } from './stage-trends.js';
import { table } from './table.js';
import { timeOfRun } from './time-of-run.js';
import { verdictPanel } from './verdict-panel.js';
import { verificationPanel } from './verification-panel.js';
import { verdictBadge, words } from './verdict-badge.js';

/**
 * The page of one run: verdict, what agent loops did, timeline with the critical path, trend of each stage, verification, stages
 * with their logs, and what the record cost. Self-contained, without script, below 200 KB: what there is no
 * room for is named in its place.
 */
export function renderRunPage(view: RunPageView): string {
  const time = timeOfRun(view);
  return renderPage({
    title: `${shortPath(view.taskId, 60)}: ${shortPath(view.pipeline, 70)}`,
    kind: 'Run',
    subtitle: view.runId,
    language: view.language,
    generatedAt: view.generatedAt,
    sections: [
      section('verdict', 'Verdict', verdict(view)),
      ...loops(view),
      section('timeline', 'Timeline', stageTimeline(view, time)),
      ...trends(view),
      section('verification', 'Verification', verificationPanel(view.verification)),
      section('stages', 'Stages', stageTable(view.stages, time)),
      ...cost(view),
    ],
    footer: html`<p>All times are UTC.</p>`,
  });
}

function verdict(view: RunPageView): SafeHtml {
  const detail = view.statusDetail === null ? null : `Detail: ${view.statusDetail}`;
  const facts = [
    {
      name: 'Duration',
      value: view.durationMs === null ? 'not ended' : formatDuration(view.durationMs),
    },
    { name: 'Exit code', value: view.exitCode === null ? null : String(view.exitCode) },
    { name: 'Started', value: formatTime(view.startedAt) },
    { name: view.durationMs === null ? 'Last heard of' : 'Ended', value: formatTime(view.endedAt) },
    ...view.facts.slice(0, 40),
  ];
  const lines = view.summary.filter((line) => line !== view.rootCause);
  return html`${verdictPanel(view.status, [view.rootCause, detail])}${factList(facts)}${sentences(lines)}`;
}

function loops({ loops: all }: RunPageView): ReturnType<typeof section>[] {
  return all.slice(0, 3).map((loop, at) => {
    const id = at === 0 ? 'loop' : `loop-${at + 1}`;
    return section(id, shortPath(loop.title === '' ? loop.id : loop.title, 90), loopPanel(loop));
  });
}

function trends(view: RunPageView): ReturnType<typeof section>[] {
  if (view.earlier.length === 0) return [];
  return [section('trend', 'Earlier runs', stageTrends(view))];
}

function stageTable(stages: readonly StageView[], { waits }: CriticalPath): SafeHtml {
  if (stages.length === 0) return html`<p>The run has no stages.</p>`;
  return table({
    caption: 'Stages in the order of the plan',
    columns: [
      { header: 'Stage' },
      { header: 'Status' },
      { header: 'Duration', kind: 'number' },
      { header: 'Waited', kind: 'number' },
      { header: 'Attempts', kind: 'number' },
      { header: 'Exit', kind: 'number' },
      { header: 'Log', kind: 'code' },
    ],
    rows: stages.map((stage, index) => stageRow(stage, waits[index] ?? null)),
  });
}

function stageRow(stage: StageView, waitMs: number | null): (SafeHtml | string)[] {
  const { title, id, status, reason, durationMs, attempts, exitCode, logPath, logBytes } = stage;
  const name = shortPath(title === '' ? id : title, 90);
  const why =
    reason === null
      ? undefined
      : html`<br /><span class="note">${shortPath(words(reason), 120)}</span>`;
  const size = logBytes === null ? '' : ` (${formatBytes(logBytes)})`;
  return [
    html`${name}${title !== id && title !== '' && html`<br /><span class="note code">${shortPath(id, 60)}</span>`}`,
    html`${verdictBadge(status)}${why}`,
    durationMs === null ? '–' : formatDuration(durationMs),
    waitMs === null ? '–' : formatDuration(waitMs),
    String(attempts),
    exitCode === null ? '–' : String(exitCode),
    logPath === null ? '–' : `${shortPath(logPath, 160)}${size}`,
  ];
}

function cost({ cost: items }: RunPageView): ReturnType<typeof section>[] {
  if (items.length === 0) return [];
  const facts = items
    .slice(0, 20)
    .map(({ name, unit, value }) => ({ name, value: formatQuantity(value, unit) }));
  return [
    section(
      'cost',
      'Cost of the record',
      html`<p>What writing this record took, up to the manifest that says so.</p>
        ${factList(facts)}`,
    ),
  ];
}
