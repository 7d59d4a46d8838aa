import type { EntryFacts, StageFacts, ToolFacts } from '../fold/facts.js';
import { orNull, orZero } from './absent-number.js';

/*
 * Strings are written only where they change, which costs a comparison and spares the bookkeeping of a
 * pointer. Slots are written as numbers, for the constants of a module are variables once it is bundled.
 */

export class StageView implements StageFacts {
  id = '';
  status = '';
  durationSeconds: number | null = null;
  attempts = 0;

  set(id: string, status: string, numbers: Float64Array): void {
    const attempts = numbers[16 /* STAGE_ATTEMPTS */] ?? 0;
    if (this.id !== id) this.id = id;
    if (this.status !== status) this.status = status;
    this.durationSeconds = orNull(numbers[15 /* STAGE_DURATION */]);
    this.attempts = Number.isSafeInteger(attempts) && attempts > 0 ? attempts : 0;
  }
}

export class ToolView implements ToolFacts {
  tool = '';
  tokens = 0;
  costUsd = 0;
  latencyMs = 0;

  set(tool: string, numbers: Float64Array): void {
    if (this.tool !== tool) this.tool = tool;
    this.tokens = orZero(numbers[17 /* TOOL_TOKENS */]);
    this.costUsd = orZero(numbers[18 /* TOOL_COST */]);
    this.latencyMs = orZero(numbers[19 /* TOOL_LATENCY */]);
  }
}

/** What a scan of a line leaves, by slots. */
export interface Scanned {
  readonly values: {
    /** NaN where there is no finite number; the duration is infinite where there is no such member. */
    readonly numbers: Float64Array;
    readonly texts: readonly (string | null)[];
  };
  /** By shape: 1 where the list of such objects has members. */
  readonly filled: Uint8Array;
  readonly stages: { readonly list: readonly StageFacts[] };
  readonly tools: { readonly list: readonly ToolFacts[] };
}

/** Where the view finds what it decodes when it is asked for it. */
export interface LateFacts {
  runId(): string;
  recordedAt(): string;
  entry(): Readonly<Record<string, unknown>>;
}

/**
 * Facts that one line after the other is read into. Numbers that can be missing are kept as NaN: a field that
 * holds nothing but doubles is written in place, one that is null at times needs a new object per number.
 */
export class EntryView implements EntryFacts {
  attempt = 1;
  status = '';
  pipelineId: string | null = null;
  controlPlaneStatus: string | null = null;
  hasInstanceStats = false;
  hasPrivacyEvents = false;
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
  regressionsDetected = 0;
  patternsPromoted = 0;
  patternsDeprecated = 0;
  throughputCandidates = 0;

  #duration = Number.NaN;
  #epoch = Number.NaN;
  #groupSize = Number.NaN;
  #reviewLatencyMs = Number.NaN;
  readonly #late: LateFacts;

  constructor(late: LateFacts) {
    this.#late = late;
  }

  get durationSeconds(): number | null | undefined {
    return this.#duration === Number.POSITIVE_INFINITY ? undefined : orNull(this.#duration);
  }

  get epoch(): number | null {
    return orNull(this.#epoch);
  }

  get groupSize(): number | null {
    return orNull(this.#groupSize);
  }

  get reviewLatencyMs(): number | null {
    return orNull(this.#reviewLatencyMs);
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
  fill({ filled, stages, tools, values: { numbers, texts } }: Scanned): void {
    const attempt = numbers[0 /* ATTEMPT */] ?? 1;
    this.attempt = Number.isSafeInteger(attempt) && attempt > 0 ? attempt : 1;
    this.#duration = numbers[1 /* DURATION */] ?? Number.NaN;
    this.#epoch = numbers[2 /* EPOCH */] ?? Number.NaN;
    this.#groupSize = numbers[3 /* GROUP_SIZE */] ?? Number.NaN;
    this.toolCalls = orZero(numbers[4 /* TOOL_CALLS */]);
    this.tokenTotal = orZero(numbers[5 /* TOKEN_TOTAL */]);
    this.costUsd = orZero(numbers[6 /* COST */]);
    this.latencyMs = orZero(numbers[7 /* LATENCY */]);
    this.learningAlerts = orZero(numbers[8 /* ALERTS */]);
    this.reviewRejections = orZero(numbers[9 /* REJECTIONS */]);
    this.#reviewLatencyMs = numbers[10 /* REVIEW_LATENCY */] ?? Number.NaN;
    this.regressionsDetected = orZero(numbers[11 /* REGRESSIONS */]);
    this.patternsPromoted = orZero(numbers[12 /* PROMOTED */]);
    this.patternsDeprecated = orZero(numbers[13 /* DEPRECATED */]);
    this.throughputCandidates = orZero(numbers[14 /* CANDIDATES */]);
    this.hasInstanceStats = filled[3 /* INSTANCE */] === 1;
    this.hasPrivacyEvents = filled[4 /* PRIVACY_EVENT */] === 1;
    this.#setTexts(texts);
    this.#setLists(tools.list, stages.list);
  }

  #setTexts(texts: readonly (string | null)[]): void {
    const [status = '', pipelineId = null, plane = null, validation = null, snapshot = null] =
      texts;
    const controlPlane = plane === '' ? null : plane;
    if (this.status !== status) this.status = status ?? '';
    if (this.pipelineId !== pipelineId) this.pipelineId = pipelineId;
    if (this.controlPlaneStatus !== controlPlane) this.controlPlaneStatus = controlPlane;
    if (this.learningValidationStatus !== validation) this.learningValidationStatus = validation;
    if (this.learningSnapshotStatus !== snapshot) this.learningSnapshotStatus = snapshot;
  }

  #setLists(tools: readonly ToolFacts[], stages: readonly StageFacts[]): void {
    if (this.tools !== tools) this.tools = tools;
    if (this.stages !== stages) this.stages = stages;
  }

  /** The same from facts of another making. */
  copy(facts: EntryFacts): void {
    const { durationSeconds } = facts;
    this.attempt = facts.attempt;
    this.#duration =
      durationSeconds === undefined ? Number.POSITIVE_INFINITY : (durationSeconds ?? Number.NaN);
    this.#epoch = facts.epoch ?? Number.NaN;
    this.#groupSize = facts.groupSize ?? Number.NaN;
    this.toolCalls = facts.toolCalls;
    this.tokenTotal = facts.tokenTotal;
    this.costUsd = facts.costUsd;
    this.latencyMs = facts.latencyMs;
    this.learningAlerts = facts.learningAlerts;
    this.reviewRejections = facts.reviewRejections;
    this.#reviewLatencyMs = facts.reviewLatencyMs ?? Number.NaN;
    this.regressionsDetected = facts.regressionsDetected;
    this.patternsPromoted = facts.patternsPromoted;
    this.patternsDeprecated = facts.patternsDeprecated;
    this.throughputCandidates = facts.throughputCandidates;
    this.hasInstanceStats = facts.hasInstanceStats;
    this.hasPrivacyEvents = facts.hasPrivacyEvents;
    this.status = facts.status;
    this.pipelineId = facts.pipelineId;
    this.controlPlaneStatus = facts.controlPlaneStatus;
    this.learningValidationStatus = facts.learningValidationStatus;
    this.learningSnapshotStatus = facts.learningSnapshotStatus;
    this.#setLists(facts.tools, facts.stages);
  }
}
