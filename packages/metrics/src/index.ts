export { MetricsError } from './errors.js';
export { createMetricsLayout } from './layout.js';

export type { MetricsErrorCode, MetricsErrorOptions } from './errors.js';
export type { EntryFacts, StageFacts, ToolFacts } from './fold/facts.js';
export type { JsonValue, Reducer } from './fold/reducer.js';
export type { MetricsLayout, MetricsLayoutOptions } from './layout.js';
