/**
 * The commands about the history of metrics. They are a file of their own in the built program: most calls
 * are for other commands, and what these need of the package `metrics` is more than a run does.
 */
export {
  clearMetricsBaseline,
  setMetricsBaseline,
  showBaseline,
} from './commands/metrics/baseline.js';
export { metricsDoctor } from './commands/metrics/doctor.js';
export { metricsExport } from './commands/metrics/export.js';
export { metricsPrune } from './commands/metrics/prune.js';
export { metricsRebuild } from './commands/metrics/rebuild.js';
export { metricsRotate } from './commands/metrics/rotate.js';
export { metricsShow } from './commands/metrics/show.js';
export { metricsUpdate } from './commands/metrics/update.js';
