import type { EntryFacts, StageFacts, ToolFacts } from '../fold/facts.js';

/** Facts that one line after the other is read into. */
export class EntryView implements EntryFacts {
  runId = '';
  attempt = 1;
  status = '';
  recordedAt = '';
  pipelineId: string | null = null;
  durationSeconds: number | null | undefined = undefined;
  controlPlaneStatus: string | null = null;
  hasInstanceStats = false;
  hasPrivacyEvents = false;
  epoch: number | null = null;
  groupSize: number | null = null;
  toolCalls = 0;
  tokenTotal = 0;
  costUsd = 0;
  latencyMs = 0;
  tools: readonly ToolFacts[] = [];
  stages: readonly StageFacts[] = [];
  learningValidationStatus: string | null = null;
  learningSnapshotStatus: string | null = null;
  learningAlerts = 0;
  reviewRejections = 0;
  reviewLatencyMs: number | null = null;
  regressionsDetected = 0;
  patternsPromoted = 0;
  patternsDeprecated = 0;
  throughputCandidates = 0;
  entry: Readonly<Record<string, unknown>> = {};
}
