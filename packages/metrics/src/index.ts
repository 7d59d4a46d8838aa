export { encodeEntry } from './entry/encode-entry.js';
export { metricsEntrySchema } from './entry/entry-schema.js';
export { factsOf } from './entry/facts-of.js';
export { MetricsError } from './errors.js';
export { csvColumns, csvHeader, csvRow } from './export/csv.js';
export { renderPrometheus } from './export/prometheus.js';
export { buildDocuments } from './fold/documents.js';
export { foldEntries } from './fold/fold-entries.js';
export { appendEntry } from './history/append-entry.js';
export { createMetricsLayout } from './layout.js';
export { clearBaseline, readBaseline, setBaseline } from './update/baseline.js';
export { checkHistory } from './update/check-history.js';
export { findEntry } from './update/find-entry.js';
export { pruneHistory } from './update/prune-history.js';
export { readAggregates } from './update/read-aggregates.js';
export { readEntries } from './update/read-entries.js';
export { rotateHistory } from './update/rotate-history.js';
export { rebuildAggregates, updateAggregates } from './update/update-aggregates.js';
export { watchAggregates } from './update/watch-aggregates.js';

export type {
  InstanceMetrics,
  MachineMetrics,
  MetricsEntry,
  PrivacyEvent,
  StageMetrics,
  ToolMetrics,
} from './entry/entry.js';
export type { MetricsErrorCode, MetricsErrorOptions } from './errors.js';
export type { PrometheusOptions, PrometheusSource } from './export/prometheus.js';
export type { DocumentOptions } from './fold/documents.js';
export type { EntryFacts, StageFacts, ToolFacts } from './fold/facts.js';
export type {
  BaselineDocument,
  CompletenessDocument,
  Documents,
  DurationsDocument,
  LastRunDocument,
  LearningStateDocument,
  MttrDeltaDocument,
  PerEpochDocument,
  PipelineDocument,
  PostRolloutDocument,
  RunsDocument,
  StageDocument,
  SummaryDocument,
  TrendPartDocument,
} from './fold/document-types.js';
export type { AnyReducer } from './fold/fold.js';
export type { FoldedEntries } from './fold/fold-entries.js';
export type { JsonValue, Reducer } from './fold/reducer.js';
export type { AppendEntryOptions } from './history/append-entry.js';
export type { MetricsLayout, MetricsLayoutOptions } from './layout.js';
export type { BaselineChoice } from './update/baseline.js';
export type { CheckOptions, HistoryCheck } from './update/check-history.js';
export type { FindEntryOptions } from './update/find-entry.js';
export type { HistoryFinding } from './update/history-finding.js';
export type { PrunedSegment, PruneOptions, PruneReport } from './update/prune-history.js';
export type { Aggregates, ReadAggregatesOptions } from './update/read-aggregates.js';
export type { ReadEntriesOptions, StoredEntry } from './update/read-entries.js';
export type { RotateHistoryOptions, RotateHistoryReport } from './update/rotate-history.js';
export type { WatchOptions } from './update/watch-aggregates.js';
export type {
  DamagedLineReport,
  DamageReason,
  HistoryTotals,
  PendingLimits,
  RebuildReason,
  RotationLimits,
  UpdateOptions,
  UpdateProgress,
  UpdateReport,
} from './update/update-report.js';
