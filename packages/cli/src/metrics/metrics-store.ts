/** What runs need of the package of metrics, in a file of its own: it is loaded when a run ends. */
export {
  appendEntry,
  createMetricsLayout,
  findEntry,
  updateAggregates,
} from '@codex-orchestrator/metrics';
