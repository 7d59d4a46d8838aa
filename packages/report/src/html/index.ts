export { renderComparisonPage } from './comparison-page.js';
export { criticalPath } from './critical-path.js';
export { factList, sentences } from './facts.js';
export { forestPlot } from './forest-plot.js';
export {
  formatBytes,
  formatCount,
  formatDuration,
  formatQuantity,
  formatRatio,
  formatTime,
} from './format-quantity.js';
export { growthPlot } from './growth-plot.js';
export { lineChart } from './line-chart.js';
export { renderPage, section } from './page.js';
export { pairedRounds } from './paired-rounds.js';
export { plainText, shortPath, shortText } from './plain-text.js';
export { renderRunPage } from './run-page.js';
export { runPageView } from './run-page-sources.js';
export { html } from './safe-html.js';
export { stripPlot } from './strip-plot.js';
export { table } from './table.js';
export { timelineChart } from './timeline-chart.js';
export { trendCharts } from './trend-charts.js';
export { verdictBadge } from './verdict-badge.js';
export { verdictPanel } from './verdict-panel.js';

export type { ChartOptions } from './chart.js';
export type { ComparisonPageView, VerifiedRun } from './comparison-page.js';
export type { CriticalPath, RunWindow, TimedStage } from './critical-path.js';
export type { Fact } from './facts.js';
export type { ForestPlotOptions, ForestRow } from './forest-plot.js';
export type { Unit } from './format-quantity.js';
export type { GrowthPlotOptions, GrowthSeries } from './growth-plot.js';
export type { LineChartOptions, LineSeries } from './line-chart.js';
export type { FindingView, IterationView, LoopView } from './loop-view.js';
export type { PageOptions, Section } from './page.js';
export type { PairedRoundsOptions, RoundRatio } from './paired-rounds.js';
export type { EarlierRun, RunPageView, StageView, VerificationView } from './run-page-view.js';
export type { RunPageSources } from './run-page-sources.js';
export type { HtmlValue, SafeHtml } from './safe-html.js';
export type { StripPlotOptions, StripRow } from './strip-plot.js';
export type { Column, TableOptions } from './table.js';
export type { TimelineBar, TimelineOptions } from './timeline-chart.js';
export type { Trend, TrendChartsOptions } from './trend-charts.js';
export type { Tone } from './verdict-badge.js';
