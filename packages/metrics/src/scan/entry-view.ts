import type { EntryFacts, StageFacts, ToolFacts } from '../fold/facts.js';
import { orNull, orZero } from './absent-number.js';
import * as slot from './slots.js';

/** What a scan of a line leaves, by slots. */
export interface Scanned {
  /** NaN where there is no finite number; the duration is infinite where there is no such member. */
  readonly numbers: Float64Array;
  readonly texts: readonly (string | null)[];
  /** By shape: 1 where the list of such objects has members. */
  readonly filled: Uint8Array;
  readonly stages: { readonly list: readonly StageFacts[] };
  readonly tools: { readonly list: readonly ToolFacts[] };
}

export class StageView implements StageFacts {
  id = '';
  status = '';
  durationSeconds: number | null = null;
  attempts = 0;
}

export class ToolView implements ToolFacts {
  tool = '';
  tokens = 0;
  costUsd = 0;
  latencyMs = 0;
}

/** Where the view finds what it decodes when it is asked for it. */
export interface LateFacts {
  runId(): string;
  recordedAt(): string;
  entry(): Readonly<Record<string, unknown>>;
}

/** Facts that one line after the other is read into. */
export class EntryView implements EntryFacts {
  attempt = 1;
  status = '';
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

  readonly #late: LateFacts;

  constructor(late: LateFacts) {
    this.#late = late;
  }

  get runId(): string {
    return this.#late.runId();
  }

  get recordedAt(): string {
    return this.#late.recordedAt();
  }

  get entry(): Readonly<Record<string, unknown>> {
    return this.#late.entry();
  }

  /** Takes over all that is scanned, but not what is decoded late. */
  fill({ filled, numbers, stages, texts, tools }: Scanned): void {
    const attempt = numbers[slot.ATTEMPT] ?? 1;
    const duration = numbers[slot.DURATION];
    this.attempt = Number.isSafeInteger(attempt) && attempt > 0 ? attempt : 1;
    this.status = texts[slot.STATUS] ?? '';
    this.pipelineId = texts[slot.PIPELINE] ?? null;
    this.durationSeconds = duration === Number.POSITIVE_INFINITY ? undefined : orNull(duration);
    this.controlPlaneStatus =
      texts[slot.CONTROL_PLANE] === '' ? null : (texts[slot.CONTROL_PLANE] ?? null);
    this.hasInstanceStats = filled[slot.INSTANCE] === 1;
    this.hasPrivacyEvents = filled[slot.PRIVACY_EVENT] === 1;
    this.epoch = orNull(numbers[slot.EPOCH]);
    this.groupSize = orNull(numbers[slot.GROUP_SIZE]);
    this.toolCalls = orZero(numbers[slot.TOOL_CALLS]);
    this.tokenTotal = orZero(numbers[slot.TOKEN_TOTAL]);
    this.costUsd = orZero(numbers[slot.COST]);
    this.latencyMs = orZero(numbers[slot.LATENCY]);
    this.tools = tools.list;
    this.stages = stages.list;
    this.learningValidationStatus = texts[slot.VALIDATION] ?? null;
    this.learningSnapshotStatus = texts[slot.SNAPSHOT] ?? null;
    this.learningAlerts = orZero(numbers[slot.ALERTS]);
    this.reviewRejections = orZero(numbers[slot.REJECTIONS]);
    this.reviewLatencyMs = orNull(numbers[slot.REVIEW_LATENCY]);
    this.regressionsDetected = orZero(numbers[slot.REGRESSIONS]);
    this.patternsPromoted = orZero(numbers[slot.PROMOTED]);
    this.patternsDeprecated = orZero(numbers[slot.DEPRECATED]);
    this.throughputCandidates = orZero(numbers[slot.CANDIDATES]);
  }

  /** The same from facts of another making. */
  copy(facts: EntryFacts): void {
    this.attempt = facts.attempt;
    this.status = facts.status;
    this.pipelineId = facts.pipelineId;
    this.durationSeconds = facts.durationSeconds;
    this.controlPlaneStatus = facts.controlPlaneStatus;
    this.hasInstanceStats = facts.hasInstanceStats;
    this.hasPrivacyEvents = facts.hasPrivacyEvents;
    this.epoch = facts.epoch;
    this.groupSize = facts.groupSize;
    this.toolCalls = facts.toolCalls;
    this.tokenTotal = facts.tokenTotal;
    this.costUsd = facts.costUsd;
    this.latencyMs = facts.latencyMs;
    this.tools = facts.tools;
    this.stages = facts.stages;
    this.learningValidationStatus = facts.learningValidationStatus;
    this.learningSnapshotStatus = facts.learningSnapshotStatus;
    this.learningAlerts = facts.learningAlerts;
    this.reviewRejections = facts.reviewRejections;
    this.reviewLatencyMs = facts.reviewLatencyMs;
    this.regressionsDetected = facts.regressionsDetected;
    this.patternsPromoted = facts.patternsPromoted;
    this.patternsDeprecated = facts.patternsDeprecated;
    this.throughputCandidates = facts.throughputCandidates;
  }
}
