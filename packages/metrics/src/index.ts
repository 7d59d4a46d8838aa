export { encodeEntry } from './entry/encode-entry.js';
export { metricsEntrySchema } from './entry/entry-schema.js';
export { factsOf } from './entry/facts-of.js';
export { MetricsError } from './errors.js';
export { foldEntries } from './fold/fold-entries.js';
export { appendEntry } from './history/append-entry.js';
export { createMetricsLayout } from './layout.js';
export { rebuildAggregates, updateAggregates } from './update/update-aggregates.js';

export type { MetricsEntry } from './entry/entry.js';
export type { MetricsErrorCode, MetricsErrorOptions } from './errors.js';
export type { EntryFacts, StageFacts, ToolFacts } from './fold/facts.js';
export type { AnyReducer } from './fold/fold.js';
export type { JsonValue, Reducer } from './fold/reducer.js';
export type { AppendEntryOptions } from './history/append-entry.js';
export type { MetricsLayout, MetricsLayoutOptions } from './layout.js';
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
