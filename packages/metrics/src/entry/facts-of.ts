import type { EntryFacts, StageFacts, ToolFacts } from '../fold/facts.js';
import type { MetricsEntry } from './entry.js';
import { finiteOrNull, hasMembers, isObject, isText, memberOf, stringOrNull } from './members.js';

/** Whether it is what counts as an entry: an object whose three own members are strings, none blank. */
export function isEntry(value: unknown): value is MetricsEntry {
  return (
    isObject(value) &&
    isText(memberOf(value, 'run_id')) &&
    isText(memberOf(value, 'status')) &&
    isText(memberOf(value, 'recorded_at'))
  );
}

/**
 * What aggregates ask of a parsed line; `undefined` where it is no entry. It never throws, whatever the
 * value is: a member that is not usable is defaulted by itself.
 */
export function factsOf(value: unknown): EntryFacts | undefined {
  if (!isObject(value) || !isEntry(value)) return undefined;
  const number = (key: string): number | null => finiteOrNull(memberOf(value, key));
  const text = (key: string): string | null => stringOrNull(memberOf(value, key));
  return {
    runId: value.run_id,
    attempt: attemptOf(memberOf(value, 'attempt')),
    status: value.status,
    recordedAt: value.recorded_at,
    pipelineId: text('pipeline_id'),
    durationSeconds: Object.hasOwn(value, 'duration_seconds')
      ? number('duration_seconds')
      : undefined,
    controlPlaneStatus: nonEmpty(text('control_plane_status')),
    hasInstanceStats: hasMembers(memberOf(value, 'instance_stats')),
    hasPrivacyEvents: hasMembers(memberOf(value, 'privacy_events')),
    epoch: number('tfgrpo_epoch'),
    groupSize: number('tfgrpo_group_size'),
    toolCalls: number('tool_calls') ?? 0,
    tokenTotal: number('token_total') ?? 0,
    costUsd: number('cost_usd') ?? 0,
    latencyMs: number('latency_ms') ?? 0,
    tools: membersOf(value, 'tool_stats', toolOf),
    stages: membersOf(value, 'stages', stageOf),
    learningValidationStatus: text('learning_validation_status'),
    learningSnapshotStatus: text('learning_snapshot_status'),
    learningAlerts: number('learning_alerts') ?? 0,
    reviewRejections: number('learning_review_rejections') ?? 0,
    reviewLatencyMs: number('learning_review_latency_ms'),
    regressionsDetected: number('learning_regressions_detected') ?? 0,
    patternsPromoted: number('learning_pattern_promoted') ?? 0,
    patternsDeprecated: number('learning_pattern_deprecated') ?? 0,
    throughputCandidates: number('learning_throughput_candidates') ?? 0,
    entry: value,
  };
}

function nonEmpty(text: string | null): string | null {
  return text === '' ? null : text;
}

function attemptOf(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : 1;
}

function membersOf<T>(
  entry: Readonly<Record<string, unknown>>,
  key: string,
  read: (member: unknown) => T | undefined,
): readonly T[] {
  const value = memberOf(entry, key);
  if (!Array.isArray(value)) return [];
  return value.map((member: unknown) => read(member)).filter((each) => each !== undefined);
}

function toolOf(member: unknown): ToolFacts | undefined {
  if (!isObject(member)) return undefined;
  const tool = memberOf(member, 'tool');
  if (!isText(tool)) return undefined;
  return {
    tool,
    tokens: finiteOrNull(memberOf(member, 'tokens')) ?? 0,
    costUsd: finiteOrNull(memberOf(member, 'cost_usd')) ?? 0,
    latencyMs: finiteOrNull(memberOf(member, 'latency_ms')) ?? 0,
  };
}

function stageOf(member: unknown): StageFacts | undefined {
  if (!isObject(member)) return undefined;
  const id = memberOf(member, 'id');
  if (!isText(id)) return undefined;
  const attempts = memberOf(member, 'attempts');
  return {
    id,
    status: stringOrNull(memberOf(member, 'status')) ?? '',
    durationSeconds: finiteOrNull(memberOf(member, 'duration_seconds')),
    attempts: Number.isSafeInteger(attempts) && (attempts as number) > 0 ? (attempts as number) : 0,
  };
}
