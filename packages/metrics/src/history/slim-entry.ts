import type { InstanceMetrics, MetricsEntry, PrivacyEvent } from '../entry/entry.js';
import type { EntryFacts, StageFacts, ToolFacts } from '../fold/facts.js';

/** The mark of an entry from which everything was taken that aggregates do not ask for. */
interface PrunedEntry extends MetricsEntry {
  readonly pruned: true;
}

/**
 * The smallest entry with these facts. Where only the presence of members counts, one empty object stands
 * for them.
 */
export function slimEntry(facts: EntryFacts): PrunedEntry {
  return {
    run_id: facts.runId,
    attempt: facts.attempt === 1 ? undefined : facts.attempt,
    pipeline_id: facts.pipelineId ?? undefined,
    status: facts.status,
    duration_seconds: facts.durationSeconds,
    stages: facts.stages.length > 0 ? facts.stages.map(stageOf) : undefined,
    recorded_at: facts.recordedAt,
    control_plane_status: facts.controlPlaneStatus ?? undefined,
    instance_stats: facts.hasInstanceStats ? [{} as InstanceMetrics] : undefined,
    privacy_events: facts.hasPrivacyEvents ? [{} as PrivacyEvent] : undefined,
    tfgrpo_epoch: facts.epoch ?? undefined,
    tfgrpo_group_size: facts.groupSize ?? undefined,
    tool_calls: unlessZero(facts.toolCalls),
    token_total: unlessZero(facts.tokenTotal),
    cost_usd: unlessZero(facts.costUsd),
    latency_ms: unlessZero(facts.latencyMs),
    tool_stats: facts.tools.length > 0 ? facts.tools.map(toolOf) : undefined,
    learning_validation_status: facts.learningValidationStatus ?? undefined,
    learning_snapshot_status: facts.learningSnapshotStatus ?? undefined,
    learning_alerts: unlessZero(facts.learningAlerts),
    learning_review_rejections: unlessZero(facts.reviewRejections),
    learning_review_latency_ms: facts.reviewLatencyMs ?? undefined,
    learning_regressions_detected: unlessZero(facts.regressionsDetected),
    learning_pattern_promoted: unlessZero(facts.patternsPromoted),
    learning_pattern_deprecated: unlessZero(facts.patternsDeprecated),
    learning_throughput_candidates: unlessZero(facts.throughputCandidates),
    pruned: true,
  };
}

/** Facts that are compared as they are; what is missing here does not compile. */
const plainFacts: Readonly<Record<Exclude<keyof EntryFacts, 'tools' | 'stages' | 'entry'>, true>> =
  {
    runId: true,
    attempt: true,
    status: true,
    recordedAt: true,
    pipelineId: true,
    durationSeconds: true,
    controlPlaneStatus: true,
    hasInstanceStats: true,
    hasPrivacyEvents: true,
    epoch: true,
    groupSize: true,
    toolCalls: true,
    tokenTotal: true,
    costUsd: true,
    latencyMs: true,
    learningValidationStatus: true,
    learningSnapshotStatus: true,
    learningAlerts: true,
    reviewRejections: true,
    reviewLatencyMs: true,
    regressionsDetected: true,
    patternsPromoted: true,
    patternsDeprecated: true,
    throughputCandidates: true,
  };
const plainKeys = Object.keys(plainFacts) as (keyof typeof plainFacts)[];

/** Whether no aggregate can tell the two apart. */
export function isSameFacts(one: EntryFacts, other: EntryFacts): boolean {
  return (
    plainKeys.every((key) => one[key] === other[key]) &&
    isSameList(one.tools, other.tools, ['tool', 'tokens', 'costUsd', 'latencyMs']) &&
    isSameList(one.stages, other.stages, ['id', 'status', 'durationSeconds', 'attempts'])
  );
}

function isSameList<Member>(
  one: readonly Member[],
  other: readonly Member[],
  keys: readonly (keyof Member)[],
): boolean {
  if (one.length !== other.length) return false;
  return one.every((member, index) => keys.every((key) => member[key] === other[index]?.[key]));
}

function unlessZero(value: number): number | undefined {
  return value === 0 ? undefined : value;
}

function stageOf({ id, status, durationSeconds, attempts }: StageFacts) {
  return { id, status, duration_seconds: durationSeconds, attempts };
}

function toolOf({ tool, tokens, costUsd, latencyMs }: ToolFacts) {
  return {
    tool,
    tokens: unlessZero(tokens),
    cost_usd: unlessZero(costUsd),
    latency_ms: unlessZero(latencyMs),
  };
}
